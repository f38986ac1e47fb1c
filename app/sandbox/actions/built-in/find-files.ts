import { readdir, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { compilePattern } from "#sandbox/actions/trigger/path-pattern.ts";

export type FoundFiles = {
  /** absolute */
  files: readonly string[];
  /** the deepest folder that holds all of what was asked for */
  root: string;
};

/** Finds what the `path:` of an upload or cache means: lines of paths and patterns, `!` takes out, `~` is the home. */
export async function findFiles(
  lines: string,
  folders: { workspace: string; home: string },
  hidden: boolean,
): Promise<FoundFiles> {
  const taken = new Set<string>();
  const roots: string[] = [];
  for (const written of lines.split("\n").map((line) => line.trim())) {
    if (written === "") continue;
    const out = written.startsWith("!");
    const path = expand(out ? written.slice(1) : written, folders);
    const start = literalStart(path);
    const matches = compilePattern(path.replace(/\/+$/, ""));
    const found = await walk(start, hidden);
    const wanted = start === path ? found : found.filter((file) => isBelow(matches, file));
    if (!out && wanted.length > 0) roots.push((await isFolder(start)) ? start : dirname(start));
    for (const file of wanted) {
      if (out) taken.delete(file);
      else taken.add(file);
    }
  }
  return { files: [...taken].toSorted(), root: commonRoot(roots, folders.workspace) };
}

/** A written path as an absolute one. */
export function expand(path: string, folders: { workspace: string; home: string }): string {
  const home = path === "~" || path.startsWith("~/") ? join(folders.home, path.slice(1)) : path;
  return isAbsolute(home) ? home.replace(/\/+$/, "") : resolve(folders.workspace, home);
}

/** A pattern that names a folder takes all that is in it. */
function isBelow(matches: (path: string) => boolean, file: string): boolean {
  for (let path = file; path !== "/"; path = dirname(path)) if (matches(path)) return true;
  return false;
}

function literalStart(path: string): string {
  const parts = path.split("/");
  const wild = parts.findIndex((part) => /[*?[]/.test(part));
  return wild < 0 ? path : parts.slice(0, wild).join("/") || "/";
}

async function walk(path: string, hidden: boolean): Promise<string[]> {
  if (!(await isFolder(path))) return (await exists(path)) ? [path] : [];
  const entries = await readdir(path, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!hidden && entry.name.startsWith(".")) continue;
    found.push(...(await walk(join(path, entry.name), hidden)));
  }
  return found;
}

function commonRoot(roots: readonly string[], fallback: string): string {
  const [first, ...others] = roots;
  if (first === undefined) return fallback;
  let root = first;
  while (others.some((other) => relative(root, other).startsWith(".."))) root = dirname(root);
  return root;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
