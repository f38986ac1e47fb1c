/** A pointer cannot be read: the message names file, place and mend. */
export class PointerError extends Error {
  override name = "PointerError";
}

/** One file or folder that a pointer stands for. */
export type Out = {
  /** relative to the folder of the pointer */
  path: string;
  /** hex digits; of a folder those of its listing, without ".dir" */
  md5: string;
  folder: boolean;
  size: number | undefined;
  nfiles: number | undefined;
  /** of a file's bytes, or of a folder's listing with a SHA-256 a file (`digestFolder`); undefined: DVC wrote it alone */
  sha256: string | undefined;
  /** the older DVC's digest, of text with its line ends changed */
  legacy: boolean;
};

/** The path of an out in the repository, from that of its pointer; it stays inside, as every out's path does. */
export function placeOut(pointerPath: string, out: Pick<Out, "path">): string {
  const at = pointerPath.lastIndexOf("/");
  return at < 0 ? out.path : `${pointerPath.slice(0, at)}/${out.path}`;
}

/** Is this the path of a pointer of DVC? `.dvc/config` and a file called ".dvc" are none. */
export function isPointerPath(path: string): boolean {
  return path.endsWith(".dvc") && !path.endsWith("/.dvc") && path !== ".dvc" && !path.startsWith(".dvc/");
}
