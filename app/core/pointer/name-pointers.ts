import { isPointerPath } from "./pointer.ts";

/**
 * The paths that a pointer may have which stands for a file, or for what a pattern matches: beside it under its own name,
 * then beside each folder that it lies in. Of a pattern they are patterns.
 */
export function namePointers(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, index) => {
    const upTo = parts.slice(0, parts.length - index).join("/");
    return upTo.endsWith("**") ? `${upTo}/*.dvc` : `${upTo}.dvc`;
  });
}

/** The path of the data where somebody wrote that of its pointer. */
export function dataOfPointer(path: string): string {
  return isPointerPath(path) ? path.slice(0, -".dvc".length) : path;
}
