/**
 * Can a file lie at this path inside a repository, or inside a folder made from one? Relative, with `/` between its
 * parts, none of them empty, `.`, `..` or git's own folder, and no control character. Paths are untrusted.
 */
export function isRepositoryPath(path: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && part.toLowerCase() !== ".git");
}
