import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { compileGlobs, findGlobMistake } from "#core/config/glob.ts";
import { naturalOrder } from "#core/config/natural-order.ts";
import { isPointerPath } from "#core/pointer/pointer.ts";
import type { VersionedFile } from "#data/diff/versioned-files.ts";
import { listTree } from "#git/list-tree.ts";
import { openGit, type Git } from "#git/open-git.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findFiles } from "#cli/data/find-files.ts";
import { findPointedVersion } from "./find-pointed-version.ts";

/** A file of a version; `blob` is git's id or "md5:…" where either is known. */
export type FoundFile = Omit<VersionedFile, "blob"> & { blob: string | undefined };

/**
 * The files of one version of a data set: a file, a pattern, or `REV:PATTERN` for the files of a commit, which are written
 * into `folder`. What pointers of the commit stand for is among them. A file's own name wins. Throws an ExitError (2).
 */
export async function findVersion(name: string, option: string, folder: string): Promise<readonly FoundFile[]> {
  const [, rev, pattern] = /^([^:]+):(.+)$/s.exec(name) ?? [];
  if (rev === undefined || pattern === undefined || existsSync(name))
    return (await findFiles([name], option)).map((file) => ({ ...file, blob: undefined }));
  const git = await openGit(process.cwd());
  try {
    const commit = await git.ask(["rev-parse", "--verify", "--quiet", "--end-of-options", `${rev}^{commit}`]);
    if (commit === undefined)
      throw new ExitError(
        2,
        `Cannot read "${name}" of ${option}: there is no file of this name and no commit "${rev}"; fetch it first`,
      );
    const tree = await listTree(git, commit);
    const path = pattern.replace(/^\.\//, "").replace(/(?<=.)\/+$/, "");
    const mistake = findGlobMistake(path);
    const isWanted = tree.has(path) || mistake !== undefined ? (other: string) => other === path : compileGlobs([path]);
    const entries = [...tree.values()].filter(({ path: other }) => isWanted(other) && !isPointerPath(other));
    const files: FoundFile[] = [];
    await mkdir(folder, { recursive: true });
    for (const [index, entry] of entries.entries()) {
      const shown = `${rev}:${entry.path}`;
      const to = join(folder, `${index}-${basename(entry.path)}`);
      // oxlint-disable-next-line no-await-in-loop -- one file in memory at a time
      files.push({ ...(await materialise(git, entry.blob, shown, to)), shown, name: entry.path });
    }
    const pointed = await findPointedVersion(git, tree, path).catch((error: unknown) => {
      throw explain(error, `Cannot read "${name}" of ${option}`);
    });
    for (const { place, path: file, md5 } of pointed)
      files.push({ path: file, shown: `${rev}:${place}`, name: place, blob: `md5:${md5}` });
    if (files.length === 0)
      throw new ExitError(
        2,
        [...tree.keys()].some((other) => other.startsWith(`${path}/`))
          ? `Cannot read "${name}" of ${option}: it is a folder of commit ${commit.slice(0, 10)}; name its files, such as "${name.replace(/\/+$/, "")}/*.csv"`
          : `Cannot read "${name}" of ${option}: no file of commit ${commit.slice(0, 10)} matches "${path}", counted from the top of the repository`,
      );
    return files.toSorted((a, b) => naturalOrder(a.name ?? "", b.name ?? ""));
  } finally {
    git.close();
  }
}

/** Which commit's version it was that could not be had. */
function explain(error: unknown, cannot: string): unknown {
  return error instanceof Error
    ? new ExitError(2, `${cannot}: ${error.message.replace(/^Cannot /, "one cannot ")}`)
    : error;
}

/** Writes a blob; what Git LFS keeps elsewhere is read where it lies. */
async function materialise(
  git: Git,
  blob: string,
  shown: string,
  to: string,
): Promise<Pick<FoundFile, "path" | "blob">> {
  const object = await git.object(blob);
  if (object?.kind !== "blob")
    throw new ExitError(2, `Cannot read "${shown}": the clone does not hold it; fetch it first`);
  const head = object.bytes.subarray(0, 200).toString("utf8");
  const oid = head.startsWith("version https://git-lfs.github.com/")
    ? /^oid sha256:([0-9a-f]{64})$/m.exec(head)?.[1]
    : undefined;
  if (oid === undefined) {
    await writeFile(to, object.bytes);
    return { path: to, blob };
  }
  const kept = join(git.gitDir, "lfs", "objects", oid.slice(0, 2), oid.slice(2, 4), oid);
  if (!existsSync(kept))
    throw new ExitError(
      2,
      `Cannot read "${shown}": its content is kept by Git LFS and not on this machine; run "git lfs fetch origin ${shown.split(":")[0]}"`,
    );
  return { path: kept, blob: undefined };
}
