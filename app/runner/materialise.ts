import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TreeEntry } from "#core/identity/tree.ts";
import type { BlobSha } from "#core/names.ts";
import { findLinkProblem } from "./inputs/link-target.ts";
import { findPathProblems } from "./inputs/safe-paths.ts";

/** Hands out git blobs one by one, in any order; each of those asked for once. */
export type ReadBlobs = (blobs: readonly BlobSha[]) => AsyncIterable<{ blob: BlobSha; bytes: Uint8Array }>;

/** Files cannot be written as they were declared. The message is a sentence for people. */
export class MaterialiseError extends Error {
  override name = "MaterialiseError";
}

/**
 * Writes declared inputs into an empty folder, byte for byte as git stores them, each checked against its blob id, and an
 * empty git repository for tools that insist on one. Paths, links and bytes are attacker-controlled: whatever could
 * reach out of the folder, or would not be the same on every file system, is refused; nothing is written through a link.
 * Throws a `MaterialiseError`.
 */
export async function materialise(request: {
  entries: readonly TreeEntry[];
  read: ReadBlobs;
  folder: string;
}): Promise<void> {
  const { entries, folder } = request;
  refuseProblems(entries);
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0)
    throw new MaterialiseError(`Cannot write inputs into "${folder}": it is not empty`);
  const links = await writeFiles(entries, request.read, folder);
  // Links come last: no file is ever written through one.
  for (const [path, target] of links) {
    const problem = findLinkProblem(path, links);
    if (problem !== undefined) throw new MaterialiseError(problem);
    symlinkSync(target, join(folder, path));
  }
  writeEmptyRepository(folder);
}

function refuseProblems(entries: readonly TreeEntry[]): void {
  const problems = findPathProblems(entries.map((entry) => entry.path));
  for (const { path, mode } of entries) {
    if (mode === "160000")
      problems.push(
        `Cannot write "${path}": it is a submodule, and submodules are not supported as inputs yet. Add its files to the repository, or leave it out of "inputs"`,
      );
    else if (!["100644", "100755", "120000"].includes(mode))
      problems.push(`Cannot write "${path}": git mode "${mode}" is no file`);
  }
  if (problems.length === 0) return;
  const more = problems.length > 10 ? `; and ${problems.length - 10} more` : "";
  throw new MaterialiseError(problems.slice(0, 10).join("; ") + more);
}

/** Writes the regular files and returns the links: path to target. */
async function writeFiles(
  entries: readonly TreeEntry[],
  read: ReadBlobs,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const wanted = Map.groupBy(entries, (entry) => entry.blob);
  const links = new Map<string, string>();
  const folders = new Set<string>();
  for await (const { blob, bytes } of read([...wanted.keys()])) {
    const places = wanted.get(blob);
    if (places === undefined) continue;
    wanted.delete(blob);
    verifyBlob(blob, bytes, places[0]?.path ?? "");
    for (const entry of places) {
      const file = join(folder, entry.path);
      if (!folders.has(dirname(file))) mkdirSync(dirname(file), { recursive: true });
      folders.add(dirname(file));
      if (entry.mode === "120000") links.set(entry.path, Buffer.from(bytes).toString("utf8"));
      else writeFile(entry, file, bytes);
    }
  }
  const [missing] = [...wanted.values()].flat();
  if (missing !== undefined) {
    throw new MaterialiseError(
      `Cannot write "${missing.path}": git has no object "${missing.blob}" here. Fetch the whole commit (checkout with "fetch-depth: 0")`,
    );
  }
  return links;
}

function writeFile(entry: TreeEntry, file: string, bytes: Uint8Array): void {
  if (isLfsPointer(bytes)) {
    throw new MaterialiseError(
      `Cannot write "${entry.path}": it is a Git LFS pointer, and LFS files are not supported as inputs yet. Commit the file itself, or let "setup" fetch it`,
    );
  }
  writeFileSync(file, bytes, { flag: "wx" });
  // The umask takes part in the mode of a new file: set what git says.
  chmodSync(file, entry.mode === "100755" ? 0o755 : 0o644);
}

function verifyBlob(blob: BlobSha, bytes: Uint8Array, path: string): void {
  const hash = createHash(blob.length === 64 ? "sha256" : "sha1");
  const found = hash.update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
  if (found !== blob)
    throw new MaterialiseError(`Cannot write "${path}": its bytes hash to "${found}", git names them "${blob}"`);
}

const lfsHeader = "version https://git-lfs.github.com/spec/v1\n";

function isLfsPointer(bytes: Uint8Array): boolean {
  return bytes.length < 1_024 && Buffer.from(bytes).toString("latin1").startsWith(lfsHeader);
}

/** What git itself takes for a repository with no commit; git is not run for it. */
function writeEmptyRepository(folder: string): void {
  for (const name of ["objects/info", "objects/pack", "refs/heads", "refs/tags"])
    mkdirSync(join(folder, ".git", name), { recursive: true });
  writeFileSync(join(folder, ".git", "HEAD"), "ref: refs/heads/main\n");
  writeFileSync(
    join(folder, ".git", "config"),
    "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n",
  );
}
