import type { ListedFile } from "./folder-listing.ts";

/** What became of the files of a folder, by their paths in it, in order. */
export type FolderChanges = { edited: readonly string[]; removed: readonly string[]; added: readonly string[] };

/** Compares what a folder's pointer stands for with what lies there; a file that moved is one removed and one added. */
export function compareFolder(listed: readonly ListedFile[], found: readonly ListedFile[]): FolderChanges {
  const [before, after] = [byPath(listed), byPath(found)];
  const pathsOf = (files: readonly ListedFile[], isWanted: (file: ListedFile) => boolean): readonly string[] =>
    files
      .filter(isWanted)
      .map(({ relpath }) => relpath)
      .sort();
  return {
    edited: pathsOf(listed, ({ relpath, md5 }) => after.has(relpath) && after.get(relpath) !== md5),
    removed: pathsOf(listed, ({ relpath }) => !after.has(relpath)),
    added: pathsOf(found, ({ relpath }) => !before.has(relpath)),
  };
}

const byPath = (files: readonly ListedFile[]): ReadonlyMap<string, string> =>
  new Map(files.map(({ relpath, md5 }) => [relpath, md5]));
