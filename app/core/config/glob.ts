import { listTree, sortEntries } from "#core/identity/byte-order.ts";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import type { FileSet, Glob } from "./config.ts";
import { naturalOrder } from "./natural-order.ts";

/** Says what is wrong with a pattern as the end of a sentence, or undefined. Patterns are untrusted. */
export function findGlobMistake(text: string): string | undefined {
  if (text === "") return "it is empty";
  if (text.length > 256) return `it has ${text.length} characters: at most 256`;
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) return "it holds a control character";
  if (text.includes("\\")) return 'it holds "\\": folders are separated by "/", and nothing can be escaped';
  if (text.startsWith("/") || /^[A-Za-z]:/.test(text)) return "it is absolute: paths start at the repository's root";
  if (/[{}]/.test(text)) return "it holds braces, which are not known here: write one pattern for each case";
  if (/[[\]]/.test(text)) return 'it holds brackets, which are not known here: only "*", "?" and "**" are';
  if (text.startsWith("!")) return 'it starts with "!": patterns only add files, they exclude none';
  if (text.endsWith("/")) return `it ends with "/": write "${text}**" for all files of a folder`;
  for (const segment of text.split("/")) {
    if (segment === "") return 'it holds "//"';
    if (segment === "..") return 'it holds "..": patterns stay inside the repository';
    if (segment === ".") return 'it holds ".": write the path from the repository\'s root without it';
    if (segment !== "**" && segment.includes("**"))
      return 'it holds "**" beside other characters: "**" stands alone between "/"';
  }
  return undefined;
}

/** A pattern that can be matched. Throws a TypeError that says what is wrong with it. */
export function parseGlob(text: string): Glob {
  const mistake = findGlobMistake(text);
  if (mistake !== undefined) throw new TypeError(`Cannot read "${text.slice(0, 120)}" as a pattern: ${mistake}`);
  return text;
}

/**
 * Does a path match any of the patterns? `*` stands for any characters but `/`, `?` for one character but `/`, `**` for
 * any number of whole segments, none included. Time is bounded by length of pattern × length of path. Throws as
 * `parseGlob` does.
 */
export function compileGlobs(globs: readonly Glob[]): (path: string) => boolean {
  const literal = new Set<string>();
  const patterns: { prefix: string; matches: (path: string) => boolean }[] = [];
  for (const glob of new Set(globs)) {
    const wildcard = parseGlob(glob).search(/[*?]/);
    if (wildcard === -1) literal.add(glob);
    else if (glob.endsWith("/**") && wildcard === glob.length - 2) {
      const folder = glob.slice(0, -3);
      patterns.push({
        prefix: folder,
        matches: (path) => path.length === folder.length || path[folder.length] === "/",
      });
    } else {
      const pattern = glob.split("/");
      const prefix = glob.slice(0, endsInAnyDepth(glob, wildcard) ? Math.max(0, wildcard - 1) : wildcard);
      patterns.push({ prefix, matches: (path) => matchSegments(pattern, path.split("/")) });
    }
  }
  // A pattern's literal prefix decides nearly every path without looking at its segments
  return (path) =>
    literal.has(path) || patterns.some(({ prefix, matches }) => path.startsWith(prefix) && matches(path));
}

/** What follows the literal prefix is `**` again and again, and may stand for nothing: then so may the slash before it. */
function endsInAnyDepth(glob: string, wildcard: number): boolean {
  return /^\*\*(?:\/\*\*)*$/.test(glob.slice(wildcard));
}

/** Greedy match with one place to go back to: right for `**`, as every other segment matches exactly one segment. */
function matchSegments(pattern: readonly string[], path: readonly string[]): boolean {
  let [at, here, star, resume] = [0, 0, -1, 0];
  while (here < path.length) {
    const segment = pattern[at];
    if (segment === "**") {
      star = at;
      resume = here;
      at += 1;
    } else if (segment !== undefined && matchSegment(segment, path[here] ?? "")) {
      at += 1;
      here += 1;
    } else if (star !== -1) {
      resume += 1;
      here = resume;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === "**") at += 1;
  return at === pattern.length;
}

function matchSegment(pattern: string, text: string): boolean {
  let [at, here, star, resume] = [0, 0, -1, 0];
  while (here < text.length) {
    const sign = pattern[at];
    if (sign === "*") {
      star = at;
      resume = here;
      at += 1;
    } else if (sign === "?") {
      at += 1;
      here += widthAt(text, here);
    } else if (sign !== undefined && sign === text[here]) {
      at += 1;
      here += 1;
    } else if (star !== -1) {
      resume += widthAt(text, resume);
      here = resume;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}

/** Code units of the code point there. */
function widthAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

/** The files of a tree that a set names, in the order of their path's bytes. `last` takes the newest by natural order. */
export function resolveFileSet(set: FileSet, tree: Tree): readonly TreeEntry[] {
  return selectFiles(set, listTree(tree));
}

/** As `resolveFileSet`, from files already in the order of their path's bytes. */
export function selectFiles(set: FileSet, files: readonly TreeEntry[]): readonly TreeEntry[] {
  const matches = compileGlobs(set.kind === "last" ? [set.of] : set.globs);
  const found = files.filter(({ path }) => matches(path));
  if (set.kind === "globs") return found;
  const byAge = found.toSorted((a, b) => naturalOrder(a.path, b.path));
  return sortEntries(byAge.slice(Math.max(0, byAge.length - set.count)));
}
