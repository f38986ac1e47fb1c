import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TreeEntry } from "#core/identity/tree.ts";
import type { BlobSha } from "#core/names.ts";
import type { Contents } from "#core/pointer/contents.ts";
import { isPointerPath } from "#core/pointer/pointer.ts";
import { readLfsPointer } from "#core/pointer/read-lfs-pointer.ts";
import { copyInto, layDvcConfig, layPointers, readPointers, type LaidPointer } from "./inputs/lay-pointers.ts";
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
 * Files of Git LFS are written in place of their pointers, the data of DVC's pointers beside them, where `contents` can
 * have them; with `later`, the team's own command brings the latter. Answers the pointers. Throws a `MaterialiseError`.
 */
export async function materialise(request: {
  entries: readonly TreeEntry[];
  read: ReadBlobs;
  folder: string;
  contents?: Contents | undefined;
  later?: boolean | undefined;
}): Promise<readonly LaidPointer[]> {
  const { entries, folder } = request;
  refuseProblems(entries);
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0)
    throw new MaterialiseError(`Cannot write inputs into "${folder}": it is not empty`);
  const { links, large } = await writeFiles(entries, request.read, folder);
  const pointers = await layData(request, large);
  // Links come last: no file is ever written through one.
  for (const [path, target] of links) {
    const problem = findLinkProblem(path, links);
    if (problem !== undefined) throw new MaterialiseError(problem);
    symlinkSync(target, join(folder, path));
  }
  layDvcConfig(entries, folder);
  writeEmptyRepository(folder);
  return pointers;
}

type LfsFile = { path: string; sha256: string; size: number };

/** Brings what is not in git. What stands in its way is a sentence of its own. */
async function layData(
  { entries, folder, contents, later }: Parameters<typeof materialise>[0],
  large: readonly LfsFile[],
): Promise<readonly LaidPointer[]> {
  try {
    for (const { path, ...object } of large) {
      if (contents === undefined)
        throw new MaterialiseError(
          `Cannot write "${path}": it is a pointer of Git LFS, and no LFS server is known here`,
        );
      // oxlint-disable-next-line no-await-in-loop -- one disk
      copyInto(join(folder, path), await contents.fetchLfs(object, path));
    }
    if (later === true) return readPointers(entries, folder);
    if (contents === undefined || !entries.some(({ path }) => isPointerPath(path))) return [];
    // Where nothing names a store, the team's own commands fetch: training finds out whether they did.
    if ((await contents.reach()) === "unnamed") return [];
    const pointers = readPointers(entries, folder);
    await layPointers(pointers, entries, contents, folder);
    return pointers;
  } catch (error) {
    if (error instanceof Error) throw new MaterialiseError(error.message, { cause: error });
    throw error;
  }
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

/** Writes the regular files and returns the links, path to target, and the files that LFS has. */
async function writeFiles(
  entries: readonly TreeEntry[],
  read: ReadBlobs,
  folder: string,
): Promise<{ links: ReadonlyMap<string, string>; large: readonly LfsFile[] }> {
  const large: LfsFile[] = [];
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
      else {
        const object = readLfsPointer(bytes);
        if (object === undefined) writeFile(entry, file, bytes);
        else large.push({ path: entry.path, ...object });
      }
    }
  }
  const [missing] = [...wanted.values()].flat();
  if (missing !== undefined) {
    throw new MaterialiseError(
      `Cannot write "${missing.path}": git has no object "${missing.blob}" here. Fetch the whole commit (checkout with "fetch-depth: 0")`,
    );
  }
  return { links, large };
}

function writeFile(entry: TreeEntry, file: string, bytes: Uint8Array): void {
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
