import { constants, copyFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TreeEntry } from "#core/identity/tree.ts";
import type { Contents } from "#core/pointer/contents.ts";
import { isPointerPath, placeOut, type Out } from "#core/pointer/pointer.ts";
import { readDvcPointer } from "#core/pointer/read-dvc-pointer.ts";
import { findPathProblems } from "./safe-paths.ts";

export type LaidPointer = { path: string; outs: readonly Out[] };

/** The pointers among files that were written to a folder. Throws a `PointerError` for one that cannot be read. */
export function readPointers(entries: readonly TreeEntry[], folder: string): readonly LaidPointer[] {
  return entries
    .filter(({ path, mode }) => mode !== "120000" && isPointerPath(path))
    .map(({ path }) => ({ path, outs: readDvcPointer(readFileSync(join(folder, path), "utf8"), path) }));
}

/**
 * Puts the data itself beside its pointers, where training expects it. Paths in pointers and listings are a stranger's:
 * one that another input has, or that would be another file elsewhere, is refused, as it is among inputs. Throws an
 * `Error` whose message is a sentence for people.
 */
export async function layPointers(
  pointers: readonly LaidPointer[],
  entries: readonly TreeEntry[],
  contents: Contents,
  folder: string,
): Promise<void> {
  const wanted = new Map<string, string>();
  const paths = entries.map(({ path }) => path);
  for (const { path, outs } of pointers) {
    for (const out of outs) {
      const at = placeOut(path, out);
      // oxlint-disable-next-line no-await-in-loop -- each fetches its files side by side
      for (const { relpath, file } of await contents.fetch(out, path)) {
        const to = relpath === "" ? at : `${at}/${relpath}`;
        paths.push(to);
        wanted.set(to, file);
      }
    }
  }
  const [problem] = findPathProblems(paths);
  if (problem !== undefined) throw new Error(`${problem}. A pointer (.dvc) among the inputs stands for it`);
  for (const [path, file] of wanted) copyInto(join(folder, path), file);
}

/** What DVC looks for before it runs a pipeline: a folder of its own, and word that no git keeps what it makes. */
export function layDvcConfig(entries: readonly TreeEntry[], folder: string): void {
  const paths = entries.map(({ path }) => path);
  if (!paths.some((path) => isPointerPath(path) || /(?:^|\/)dvc\.yaml$/.test(path))) return;
  const own = join(folder, ".dvc");
  mkdirSync(own, { recursive: true });
  if (!existsSync(join(own, "config"))) writeFileSync(join(own, "config"), "");
  if (!existsSync(join(own, "config.local")))
    writeFileSync(join(own, "config.local"), "[core]\n    no_scm = true\n    analytics = false\n");
}

/** Copies a file, so that what the team's code does to it stays its own. */
export function copyInto(to: string, file: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(file, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  chmodSync(to, 0o644);
}
