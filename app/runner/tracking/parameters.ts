import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { prescanYaml } from "#core/config/yaml/prescan-yaml.ts";
import { readYaml } from "#core/config/yaml/read-yaml.ts";
import { kindOf } from "#runner/model-files.ts";

export type Parameters = Record<string, string | number | boolean | null>;

const mostBytes = 64 * 1024;
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
    if (read.kind === "problem") notes.push(`${path}: its parameters are not recorded: ${read.problem}`);
    else flatten(read.value, dirname(path) === "." ? "" : `${dirname(path)}:`, found);
  }
  if (found.length > mostParameters)
    notes.push(`${found.length} parameters, of which the first ${mostParameters} are recorded`);
  return { parameters: Object.fromEntries(found.slice(0, mostParameters)), notes };
}

function readDocument(file: string): { kind: "document"; value: unknown } | { kind: "problem"; problem: string } {
  if (kindOf(file) !== "file") return { kind: "problem", problem: "it is no regular file" };
  const bytes = readFileSync(file);
  if (bytes.length > mostBytes) return { kind: "problem", problem: `it has more than ${mostBytes / 1024} KiB` };
  return file.endsWith(".json") ? readJson(bytes.toString("utf8")) : readPlainYaml(bytes);
}

function readJson(text: string): ReturnType<typeof readDocument> {
  const mistake = prescanYaml(text);
  if (mistake !== undefined) return { kind: "problem", problem: mistake.message };
  try {
    const value: unknown = JSON.parse(text);
    return { kind: "document", value };
  } catch {
    return { kind: "problem", problem: "it is no JSON" };
  }
}

function readPlainYaml(bytes: Uint8Array): ReturnType<typeof readDocument> {
  const { value, problems } = readYaml(bytes);
  const [first] = problems;
  if (first !== undefined) return { kind: "problem", problem: `line ${first.line}: ${first.message}` };
  return { kind: "document", value };
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
