import type { DataFile } from "#data/data-file.ts";

/** A data file of one version: `blob` is its git blob id, so that equal content is never compared. */
export type VersionedFile = DataFile & {
  blob: string;
  /** what it is called in both versions; default: as it is shown */
  name?: string;
};

/** Two versions of a set of files, sorted by what became of each. */
export type FileChanges = {
  added: number;
  removed: number;
  changed: number;
  /** whose content one version alone has; a file that only moved is in neither */
  left: readonly VersionedFile[];
  right: readonly VersionedFile[];
  /** files of the newer version whose content the older one has too, whatever they were called */
  kept: readonly VersionedFile[];
};

/** Pairs the files of two versions by name, then by content. */
export function pairFiles(before: readonly VersionedFile[], after: readonly VersionedFile[]): FileChanges {
  const [old, now] = [byName(before), byName(after)];
  const added = after.filter((file) => !old.has(nameOf(file)));
  const removed = before.filter((file) => !now.has(nameOf(file)));
  const changed = after.filter((file) => old.has(nameOf(file)) && old.get(nameOf(file))?.blob !== file.blob);
  const gone = [...removed, ...changed.flatMap((file) => old.get(nameOf(file)) ?? [])];
  const [left, right] = cancelMoves(gone, [...added, ...changed]);
  const kept = after.filter((file) => !right.includes(file));
  return { added: added.length, removed: removed.length, changed: changed.length, left, right, kept };
}

const nameOf = ({ name, shown }: VersionedFile): string => name ?? shown;

function byName(files: readonly VersionedFile[]): ReadonlyMap<string, VersionedFile> {
  return new Map(files.map((file) => [nameOf(file), file]));
}

/** A file that moved is on both sides with the same content: it changes no row. */
function cancelMoves(
  left: readonly VersionedFile[],
  right: readonly VersionedFile[],
): [VersionedFile[], VersionedFile[]] {
  const rest = [...right];
  const gone = left.filter((file) => {
    const at = rest.findIndex(({ blob }) => blob === file.blob);
    if (at === -1) return true;
    rest.splice(at, 1);
    return false;
  });
  return [gone, rest];
}
