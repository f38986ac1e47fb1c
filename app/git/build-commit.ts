import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCommitSha, type CommitSha } from "#core/names.ts";
import { isRepositoryPath } from "#core/identity/repository-path.ts";
import { ServiceError } from "#core/ports.ts";
import type { Git } from "./open-git.ts";
import { personEnvironment, type Person } from "./person.ts";

export type CommitDraft = {
  parent: CommitSha | undefined;
  files: ReadonlyMap<string, string | Uint8Array>;
  message: string;
  author: Person;
  at: Date;
};

/** A commit with these files added or replaced on top of its parent, and whether they changed anything. Moves no ref. */
export async function buildCommit(git: Git, draft: CommitDraft): Promise<{ commit: CommitSha; changed: boolean }> {
  for (const path of draft.files.keys()) refuseOddPath(path);
  const scratch = await mkdtemp(join(tmpdir(), "trainyard-commit-"));
  try {
    const env = { GIT_INDEX_FILE: join(scratch, "index") };
    if (draft.parent !== undefined) await git.run(["read-tree", "--end-of-options", draft.parent], { env });
    const blobs = await writeBlobs(git, scratch, [...draft.files.values()]);
    const lines = [...draft.files.keys()].map((path, place) => `100644 ${blobs[place]}\t${path}\0`);
    await git.run(["update-index", "-z", "--index-info"], { env, input: lines.join("") });
    const tree = firstLine((await git.run(["write-tree"], { env })).stdout);
    const before = draft.parent === undefined ? undefined : (await git.object(`${draft.parent}^{tree}`))?.id;
    const parents = draft.parent === undefined ? [] : ["-p", draft.parent];
    const made = await git.run(["commit-tree", ...parents, "-F", "-", tree], {
      env: personEnvironment(draft.author, draft.at),
      input: draft.message.endsWith("\n") ? draft.message : `${draft.message}\n`,
    });
    return { commit: parseCommitSha(firstLine(made.stdout)), changed: tree !== before };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function writeBlobs(
  git: Git,
  scratch: string,
  contents: readonly (string | Uint8Array)[],
): Promise<readonly string[]> {
  const names = contents.map((_, place) => join(scratch, `blob-${place}`));
  await Promise.all(contents.map((content, place) => writeFile(names[place] ?? "", content)));
  const answer = await git.run(["hash-object", "-w", "--no-filters", "--stdin-paths"], {
    input: names.map((name) => `${name}\n`).join(""),
  });
  return answer.stdout.toString("utf8").trimEnd().split("\n");
}

/** attacker-controlled: paths may come from names in a config. */
function refuseOddPath(path: string): void {
  if (!isRepositoryPath(path)) {
    throw new ServiceError("refused", `Cannot commit a file at "${path}": it is no path inside a repository`);
  }
}

function firstLine(bytes: Buffer): string {
  return bytes.toString("utf8").split("\n")[0] ?? "";
}
