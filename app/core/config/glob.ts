import { findEntry, keepEntries, listTree, sortEntries } from "#core/identity/byte-order.ts";
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

/** A pattern with what every matching path starts and ends with: that decides nearly every path by itself. */
type Pattern = { prefix: string; suffix: string; matches: (path: string) => boolean };

/**
 * Does a path match any of the patterns? `*` stands for any characters but `/`, `?` for one character but `/`, `**` for
 * any number of whole segments, none included. Time is bounded by length of pattern × length of path. Throws as
 * `parseGlob` does.
 */
export function compileGlobs(globs: readonly Glob[]): (path: string) => boolean {
  const patterns = globs.map(compilePattern);
  return (path) =>
    patterns.some(({ prefix, suffix, matches }) => path.startsWith(prefix) && path.endsWith(suffix) && matches(path));
}

function compilePattern(glob: Glob): Pattern {
  const segments = parseGlob(glob).split("/");
  const first = glob.search(/[*?]/);
  if (first === -1) return { prefix: glob, suffix: glob, matches: (path) => path === glob };
  // Behind a folder `**` may stand for nothing, and so may the slash that divides them; the same at the other end
  const prefix = /^\*\*(?:\/\*\*)*$/.test(glob.slice(first))
    ? glob.slice(0, Math.max(0, first - 1))
    : glob.slice(0, first);
  const tail = glob.slice(Math.max(glob.lastIndexOf("*"), glob.lastIndexOf("?")) + 1);
  const suffix = tail.startsWith("/") ? tail.slice(1) : tail;
  if (glob === `${prefix}/**`) {
    return { prefix, suffix, matches: (path) => path.length === prefix.length || path[prefix.length] === "/" };
  }
  return { prefix, suffix, matches: (path) => matchSegments(segments, path.split("/")) };
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

/** As `resolveFileSet`, from files in the order of their path's bytes, without those that are `left` out (1 by index). */
export function selectFiles(set: FileSet, files: readonly TreeEntry[], left?: Uint8Array): readonly TreeEntry[] {
  const marks = markMatches(set.kind === "last" ? [set.of] : set.globs, files);
  const found = keepEntries(files, (index) => marks[index] === 1 && left?.[index] !== 1);
  if (set.kind === "globs") return found;
  const byAge = found.toSorted((a, b) => naturalOrder(a.path, b.path));
  return sortEntries(byAge.slice(Math.max(0, byAge.length - set.count)));
}

/** 1 at the index of every file that any pattern matches. Files are in byte order, so a prefix is a range of them. */
export function markMatches(globs: readonly Glob[], files: readonly TreeEntry[]): Uint8Array {
  const marks = new Uint8Array(files.length);
  for (const { prefix, suffix, matches } of globs.map(compilePattern)) {
    for (let index = findEntry(files, prefix); index < files.length; index += 1) {
      const path = files[index]?.path ?? "";
      if (!path.startsWith(prefix)) break;
      if (marks[index] === 0 && path.endsWith(suffix) && matches(path)) marks[index] = 1;
    }
  }
  return marks;
}
