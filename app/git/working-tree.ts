import { copyFile, mkdir, mkdtemp, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tree } from "#core/identity/tree.ts";
import { parseCommitSha, type BlobSha, type CommitSha } from "#core/names.ts";
import { ServiceError } from "#core/ports.ts";
import { listTree } from "./list-tree.ts";
import { gitIn, openGit } from "./open-git.ts";

/** What a commit of everything as it lies would hold. `close` removes what was needed to read it. */
export type WorkingTree = {
  tree: Tree;
  /** does it differ from HEAD? */
  dirty: boolean;
  /** undefined in a repository without a commit */
  head: CommitSha | undefined;
  blob(sha: BlobSha): Promise<Uint8Array>;
  close(): Promise<void>;
};

/**
 * HEAD plus uncommitted changes, new files included and ignored ones left out. Works on a copy of the index and in an
 * object folder of its own, so that nothing in the repository changes.
 */
export async function readWorkingTree(folder: string): Promise<WorkingTree> {
  const git = await openGit(folder);
  if (git.bare)
    throw new ServiceError(
      "refused",
      `Cannot read uncommitted changes in "${folder}": it is a bare repository, which has none`,
    );
  const scratch = await mkdtemp(join(tmpdir(), "trainyard-worktree-"));
  const close = async (): Promise<void> => rm(scratch, { recursive: true, force: true });
  try {
    const place = async (what: string): Promise<string> =>
      (await git.ask(["rev-parse", "--path-format=absolute", "--git-path", what])) ?? "";
    await mkdir(join(scratch, "objects", "info"), { recursive: true });
    await writeFile(join(scratch, "objects", "info", "alternates"), `${await place("objects")}\n`);
    const index = join(scratch, "index");
    await copyIndex(await place("index"), index);
    // what a commit would hold depends on the machine's filters too, such as those of git-lfs
    const env = { GIT_CONFIG_NOSYSTEM: "0", GIT_INDEX_FILE: index, GIT_OBJECT_DIRECTORY: join(scratch, "objects") };
    const aside = gitIn(git.folder, git.gitDir, false, env);
    await aside.run(["add", "--all", "--", "."]);
    const tree = ((await aside.run(["write-tree"])).stdout.toString("utf8").split("\n")[0] ?? "").trim();
    const head = await git.ask(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
    const committed = await git.ask(["rev-parse", "--verify", "--quiet", "HEAD^{tree}"]);
    return {
      tree: await listTree(aside, tree),
      dirty: tree !== committed,
      head: head === undefined ? undefined : parseCommitSha(head),
      async blob(sha) {
        const object = await aside.object(sha);
        if (object?.kind === "blob") return object.bytes;
        throw new ServiceError("not-found", `Cannot read the blob "${sha}" in "${folder}": there is no such blob`);
      },
      async close() {
        aside.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  } finally {
    git.close();
  }
}

/**
 * A copy keeps what git knows about unchanged files; a repository without a commit has none. A file that was written in
 * the second of the index counts as unread, which git tells by the index's own time: a newer copy would hide its change.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(from);
    await copyFile(from, to);
    const before = Math.floor(mtimeMs / 1_000) - 1;
    await utimes(to, before, before);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}
