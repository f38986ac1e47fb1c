import { setImmediate } from "node:timers/promises";
import { parseCommitSha } from "#core/names.ts";
import { ServiceError, type TagObject } from "#core/ports.ts";
import { ask, askMaybe } from "./client/explain-error.ts";
import { at, type GitHub } from "./client/octokit.ts";

/** How many objects one query names: GitHub counts a hundred nodes as one point of its limit. */
const batchSize = 100;

type Answer = TagObject | "none";
type Waiting = { sha: string; resolve: (answer: Answer) => void; reject: (error: unknown) => void };

/**
 * Reads tag objects by their ids; `none` for what is no annotated tag of a commit. What is asked for at the same moment is
 * one GraphQL query for each hundred, so that a long history takes no more requests than a short one. Where a token may
 * not use GraphQL, or the service has none, each is read by itself.
 */
export function createTagReader(github: GitHub): (sha: string) => Promise<Answer> {
  let waiting: Waiting[] = [];

  async function flush(): Promise<void> {
    await setImmediate();
    const asked = waiting;
    waiting = [];
    const batches = Array.from({ length: Math.ceil(asked.length / batchSize) }, (_, index) =>
      asked.slice(index * batchSize, (index + 1) * batchSize),
    );
    await Promise.all(batches.map(async (batch) => await answerBatch(github, batch)));
  }

  return async (sha) =>
    await new Promise((resolve, reject) => {
      waiting.push({ sha, resolve, reject });
      if (waiting.length === 1) void flush();
    });
}

async function answerBatch(github: GitHub, batch: readonly Waiting[]): Promise<void> {
  try {
    const together = batch.length === 1 ? undefined : await readTogether(github, batch);
    for (const { sha, resolve, reject } of batch) {
      if (together === undefined) readOne(github, sha).then(resolve, reject);
      else resolve(together.get(sha) ?? "none");
    }
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

const actOf = (github: GitHub, what: string): { act: string; permission: string } => ({
  act: `read ${what} in "${github.owner}/${github.repo}"`,
  permission: "contents: read",
});

async function readOne(github: GitHub, sha: string): Promise<Answer> {
  const found = await askMaybe(actOf(github, `the tag object "${sha}"`), async () =>
    github.octokit.request("GET /repos/{owner}/{repo}/git/tags/{tag_sha}", { ...at(github), tag_sha: sha }),
  );
  if (found === undefined) return "none";
  const { tag: name, object, message, tagger } = found.data;
  return present({ name, message, tagger, target: { __typename: object.type, oid: object.sha } });
}

type Written = {
  name: string;
  message: string | null;
  tagger: { name: string | null; date: string | null } | null;
  target: { __typename: string; oid: string };
};

/** Undefined where the service does not answer queries. */
async function readTogether(
  github: GitHub,
  batch: readonly Waiting[],
): Promise<ReadonlyMap<string, Answer> | undefined> {
  const fields = "... on Tag { name message tagger { name date } target { __typename oid } }";
  const objects = batch.map(({ sha }, index) => `o${index}: object(oid: ${JSON.stringify(sha)}) { ${fields} }`);
  const query = `query($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { ${objects.join(" ")} } }`;
  type Data = { repository: Readonly<Record<string, Written | Record<string, never> | null>> | null };
  try {
    const { repository } = await ask(actOf(github, `${batch.length} tag objects`), async () =>
      github.octokit.graphql<Data>(query, at(github)),
    );
    if (repository === null) return undefined;
    return new Map(
      batch.map(({ sha }, index) => {
        const found = repository[`o${index}`];
        return [sha, found !== null && found !== undefined && isTag(found) ? present(found) : "none"];
      }),
    );
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code === "limited" || error.code === "unreachable") throw error;
    return undefined;
  }
}

function isTag(found: Written | Record<string, never>): found is Written {
  return "target" in found;
}

function present({ name, message, tagger, target }: Written): Answer {
  if (target.__typename.toLowerCase() !== "commit" || tagger?.date === undefined || tagger.date === null) return "none";
  return {
    name,
    target: parseCommitSha(target.oid),
    message: (message ?? "").replace(/\n+$/, ""),
    date: new Date(tagger.date),
    tagger: tagger.name ?? "",
  };
}
