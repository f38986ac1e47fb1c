import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { kindOf } from "#runner/model-files.ts";

export type Parameters = Record<string, string | number | boolean | null>;

const mostBytes = 64 * 1024;
const mostDepth = 32;
const mostParameters = 2_000;
const fileName = /^params\.(?:json|ya?ml)$/;

/**
 * The parameters of a training: the scalars of every `params.json`, `params.yaml` or `params.yml` among the inputs, by
 * dotted path (`tree.max_depth`); files below a folder under its name (`models/churn:max_depth`). A list is its JSON text.
 * Attacker-controlled, so a file that cannot be read is a note, never an error.
 */
export function readParameters(folder: string, paths: readonly string[]): { parameters: Parameters; notes: string[] } {
  const found: [string, Parameters[string]][] = [];
  const notes: string[] = [];
  for (const path of paths.filter((candidate) => fileName.test(basename(candidate))).sort()) {
    const read = readDocument(join(folder, path));
    if (read.kind === "problem") notes.push(`${path}: ${read.problem}, so its parameters are not recorded`);
    else flatten(read.value, dirname(path) === "." ? "" : `${dirname(path)}:`, found);
  }
  if (found.length > mostParameters)
    notes.push(`${found.length} parameters, of which the first ${mostParameters} are recorded`);
  return { parameters: Object.fromEntries(found.slice(0, mostParameters)), notes };
}

function readDocument(file: string): { kind: "document"; value: unknown } | { kind: "problem"; problem: string } {
  if (kindOf(file) !== "file") return { kind: "problem", problem: "it is no regular file" };
  const text = readFileSync(file, "utf8");
  if (text.length > mostBytes) return { kind: "problem", problem: `it has more than ${mostBytes / 1024} KiB` };
  // The parser recurses: a text of brackets alone would end the process.
  if (deepest(text) > mostDepth) return { kind: "problem", problem: `it nests deeper than ${mostDepth}` };
  try {
    const value: unknown = file.endsWith(".json")
      ? JSON.parse(text)
      : parse(text, { maxAliasCount: 0, schema: "core", prettyErrors: false });
    return { kind: "document", value };
  } catch (error) {
    return {
      kind: "problem",
      problem: `it cannot be read (${error instanceof Error ? error.message.split("\n")[0] : "unknown"})`,
    };
  }
}

/** An upper bound of the nesting of a YAML text: brackets wherever they stand, indentation, and dashes in one line. */
function deepest(text: string): number {
  let open = 0;
  let most = 0;
  for (const character of text) {
    if (character === "[" || character === "{") most = Math.max(most, (open += 1));
    else if (character === "]" || character === "}") open = Math.max(0, open - 1);
  }
  const indents: number[] = [];
  for (const line of text.split("\n")) {
    const [start = ""] = /^[ ]*(?:[-?:] +)*/.exec(line) ?? [];
    if (line.trim() === "") continue;
    while ((indents.at(-1) ?? -1) >= start.length) indents.pop();
    indents.push(start.length);
    most = Math.max(most, indents.length + (start.match(/[-?:]/g)?.length ?? 0));
  }
  return most;
}

function flatten(value: unknown, name: string, into: [string, Parameters[string]][]): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const prefix = name === "" || name.endsWith(":") ? name : `${name}.`;
    for (const [key, child] of Object.entries(value)) flatten(child, `${prefix}${key}`, into);
  } else if (name !== "" && !name.endsWith(":") && name.length <= 200) {
    into.push([name, scalarOf(value)]);
  }
}

function scalarOf(value: unknown): Parameters[string] {
  if (value === null || typeof value === "boolean") return value;
  // NaN and infinities are not JSON
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  return (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 6_000);
}
