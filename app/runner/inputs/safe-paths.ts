import { isGitFolder } from "#core/pointer/is-below.ts";

/**
 * What is wrong with a set of paths that are to be files of one folder, as sentences; none if they are safe and mean the
 * same on every file system. Paths are attacker-controlled.
 */
export function findPathProblems(paths: readonly string[]): string[] {
  const problems: string[] = [];
  const files = new Set<string>();
  const folders = new Set<string>();
  const spellings = new Map<string, string>();
  for (const path of paths) {
    const problem = findPathProblem(path);
    if (problem !== undefined) {
      problems.push(problem);
      continue;
    }
    if (files.has(path)) problems.push(`Cannot write "${path}" twice`);
    files.add(path);
    const parts = path.split("/");
    for (let length = 1; length <= parts.length; length++) {
      const part = parts.slice(0, length).join("/");
      if (length < parts.length) folders.add(part);
      const folded = part.normalize("NFC").toLowerCase();
      const other = spellings.get(folded) ?? part;
      spellings.set(folded, other);
      if (other !== part)
        problems.push(
          `Cannot write "${path}": "${other}" and "${part}" are one name where case does not count. Rename one`,
        );
    }
  }
  for (const path of files)
    if (folders.has(path)) problems.push(`Cannot write "${path}": it is a file and a folder at once`);
  return [...new Set(problems)];
}

/** What is wrong with one relative path, as a sentence. */
export function findPathProblem(path: string): string | undefined {
  if (path === "" || path.startsWith("/")) return `Cannot write "${path}": it is not a path below a folder`;
  if (/[\\\0]/.test(path)) return `Cannot write "${path.replaceAll("\0", "␀")}": a path has no backslash and no NUL`;
  for (const part of path.split("/")) {
    if (part === "" || part === "." || part === "..") return `Cannot write "${path}": "${part}" is no name of a file`;
    if (isGitFolder(part)) return `Cannot write "${path}": "${part}" belongs to git`;
  }
  return undefined;
}
