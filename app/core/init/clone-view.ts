/** What guessing sees of a clone. Names and texts are a stranger's: they are searched, quoted and shown, never run. */
export type CloneView = {
  /** the repository's name, or that of its folder */
  name: string;
  /** every file that git would keep, by path from the root */
  paths: readonly string[];
  /** the text of files that were worth reading, perhaps only its beginning */
  texts: ReadonlyMap<string, string>;
};

/** Where something was seen; lines count from 1. */
export type Place = { path: string; line: number };

/** Something that was seen, and why it means what it is taken for. */
export type Found<T> = { value: T; because: string; at: Place | undefined };

/** A command; `runs` is what it starts where it is only a name for that, as `npm run train` is. */
export type FoundCommand = Found<string> & { runs?: string | undefined };

/** What one kind of file says about a model; whatever it says nothing about is undefined. */
export type ModelHints = {
  train?: FoundCommand | undefined;
  predict?: FoundCommand | undefined;
  /** what training writes */
  model?: Found<string> | undefined;
  inputs?: Found<{ data: readonly string[]; code: readonly string[]; params: readonly string[] }> | undefined;
  /** what cannot be guessed, and why: said where the value is left open */
  doubts?: { train?: string; predict?: string; model?: string };
  warnings?: readonly Warning[];
};

/** Something that a person should know before the first run, with what mends it. */
export type Warning = { message: string; at: Place | undefined };

/** The line of the first match in a file that was read, or undefined. */
export function findLine(view: CloneView, path: string, pattern: RegExp): Place | undefined {
  const lines = view.texts.get(path)?.split("\n") ?? [];
  const index = lines.findIndex((line) => pattern.test(line));
  return index === -1 ? undefined : { path, line: index + 1 };
}

const script = /\.(?:py|js|mjs|ts|R|r|sh)$/;
const mostTexts = 200;
const manifests =
  /^(?:\.gitattributes|requirements[\w.-]*\.txt|pyproject\.toml|environment\.ya?ml|conda\.ya?ml|dvc\.yaml|MLproject|package\.json|setup\.(?:py|cfg)|Makefile|\.goreleaser\.ya?ml|\.releaserc(?:\.\w+)?|release\.config\.\w+|\.github\/workflows\/[^/]+\.ya?ml)$/;

/** Which files are worth reading, the most telling first; at most 200. */
export function chooseTexts(paths: readonly string[]): readonly string[] {
  const rank = (path: string): number => {
    if (manifests.test(path)) return 0;
    if (isTable(path) && tableRank(path) < 3) return 1;
    if (script.test(path) && /(?:train|fit|predict|infer|score)/i.test(nameOf(path))) return 2;
    return script.test(path) && path.split("/").length <= 3 ? 3 : isTable(path) ? 4 : 9;
  };
  return paths
    .map((path) => ({ path, rank: rank(path), depth: path.split("/").length }))
    .filter(({ rank: at }) => at < 9)
    .toSorted((a, b) => a.rank - b.rank || a.depth - b.depth)
    .slice(0, mostTexts)
    .map(({ path }) => path);
}

/** Can this file be read as a table, by its name? */
export function isTable(path: string): boolean {
  return /\.(?:csv|ndjson|jsonl|parquet|pq)(?:\.gz)?$/i.test(path);
}

/** 0: it says that it is the holdout; 1: kept back for something; 3: nothing but a table. */
export function tableRank(path: string): 0 | 1 | 3 {
  const stem = nameOf(path).toLowerCase().replace(/\..*$/, "");
  if (/^hold[-_]?out\b/.test(stem)) return 0;
  return /^(?:test|val|valid|validation|eval|evaluation)(?:[-_]?(?:set|data))?$/.test(stem) ? 1 : 3;
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
