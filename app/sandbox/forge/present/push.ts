import type { Actor, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { changedPaths } from "#sandbox/forge/git/changed-paths.ts";
import type { RefChange } from "#sandbox/forge/git/git-store.ts";
import type { CommitObject, Signature } from "#sandbox/forge/git/objects.ts";
import { emailOf } from "#sandbox/forge/git/signature.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { accountOfEmail } from "./commit.ts";
import { presentRepository } from "./repository.ts";

const zero = "0".repeat(40);
/** commits in one payload */
const most = 2048;

/** The webhook "push" of one ref that moved. */
export async function pushPayload(
  forge: ForgeInside,
  repo: Repo,
  change: RefChange,
  actor: Actor,
): Promise<JsonObject> {
  const { name, before, after } = change;
  const tip = after === null ? undefined : await repo.git.resolve(after);
  const commits = tip === undefined || !name.startsWith("refs/heads/") ? [] : await newCommits(repo, change, tip);
  const forced =
    before !== null && after !== null && name.startsWith("refs/heads/") && !(await repo.git.isAncestor(before, after));
  const shown = await presentCommits(forge, repo, commits);
  const account = actor.account;
  const record = presentRepository(forge, repo);
  const seconds = (instant: string): number => Math.floor(Date.parse(instant) / 1000);
  const page = `${forge.urls.server}/${repo.fullName}`;
  const head = tip === undefined ? undefined : await repo.git.commit(tip);
  return {
    ref: name,
    before: before ?? zero,
    after: after ?? zero,
    base_ref: null,
    created: before === null,
    deleted: after === null,
    forced,
    compare:
      before === null
        ? `${page}/commit/${(after ?? zero).slice(0, 12)}`
        : `${page}/compare/${before.slice(0, 12)}...${(after ?? zero).slice(0, 12)}`,
    commits: shown,
    head_commit: head === undefined ? null : ((await presentCommits(forge, repo, [head]))[0] ?? null),
    pusher: { name: account?.login ?? "", ...(account === null ? {} : { email: emailOf(account) }) },
    // in this event alone two instants are numbers
    repository: {
      ...record,
      created_at: seconds(repo.record.created_at),
      pushed_at: seconds(repo.record.pushed_at),
      master_branch: repo.record.default_branch,
      stargazers: 0,
    },
  };
}

/** Oldest first: what the ref has that it had not; of a new branch, what the default branch has not. */
async function newCommits(repo: Repo, { name, before }: RefChange, tip: string): Promise<CommitObject[]> {
  const main = await repo.git.branch(repo.record.default_branch);
  const without = before ?? (name === `refs/heads/${repo.record.default_branch}` ? undefined : main);
  const shas = await repo.git.range(without, tip);
  const commits = await Promise.all(shas.slice(-most).map((sha) => repo.git.commit(sha)));
  return commits.filter((commit) => commit !== undefined);
}

async function presentCommits(forge: ForgeInside, repo: Repo, commits: readonly CommitObject[]): Promise<JsonObject[]> {
  const person = (signature: Signature): JsonObject => {
    const username = accountOfEmail(forge, signature.email)?.login;
    return {
      name: signature.name,
      email: signature.email,
      date: zoned(signature),
      ...(username === undefined ? {} : { username }),
    };
  };
  return Promise.all(
    commits.map(async (commit) => {
      const [parent] = commit.parents;
      const before = parent === undefined ? undefined : await repo.git.commit(parent);
      return {
        id: commit.sha,
        tree_id: commit.tree,
        distinct: true,
        message: commit.message.replace(/\n+$/, ""),
        timestamp: zoned(commit.committer),
        url: `${forge.urls.server}/${repo.fullName}/commit/${commit.sha}`,
        author: person(commit.author),
        committer: person(commit.committer),
        ...(await changedPaths(repo.git, before?.tree ?? null, commit.tree)),
      };
    }),
  );
}

/** An instant in the zone of whoever made the commit: "2026-11-25T14:53:50+01:00". */
function zoned({ seconds, zone }: Signature): string {
  const minutes = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5))) * (zone.startsWith("-") ? -1 : 1);
  const local = new Date((seconds + minutes * 60) * 1000).toISOString().slice(0, 19);
  return zone === "+0000" ? `${local}Z` : `${local}${zone.slice(0, 3)}:${zone.slice(3)}`;
}
