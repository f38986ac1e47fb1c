import { configSchema, type Draft, type WrittenConfig } from "#core/config/schema.ts";
import type { Path } from "#core/config/yaml/read-yaml.ts";
import { flattenUnions, type ShapeIssue } from "./flatten-unions.ts";
import { listKeys } from "./list-keys.ts";
import { showValue } from "./show-value.ts";
import { suggest } from "./suggest.ts";

/** A mistake that stands at a key or at its value. */
export type PlacedProblem = { path: Path; at: "key" | "value"; message: string };

export type CheckedShape = {
  problems: readonly PlacedProblem[];
  /** there where nothing is wrong with the shape */
  written: WrittenConfig | undefined;
  /** what is right of it, for rules about meaning; what was misspelt is corrected in it */
  draft: Draft<WrittenConfig>;
  /** a path in the draft, as people wrote it */
  toWritten: (path: Path) => Path;
};

/** Begins the name that stands in a draft for one that could not be used. */
export const misnamed = "misnamed-";

/**
 * Compares an untrusted value with the schema and reports every mistake once. A misspelt key counts as the key that was
 * probably meant, so that what stands below it is looked at too.
 */
export function checkShape(value: unknown): CheckedShape {
  const draft: { value: unknown } = { value: structuredClone(value) };
  const problems: PlacedProblem[] = [];
  const renamed = new Map<string, string>();
  const toWritten = (path: Path): Path =>
    path.map((key, depth) => renamed.get(JSON.stringify(path.slice(0, depth + 1))) ?? key);
  for (;;) {
    const result = configSchema.safeParse(draft.value);
    if (result.success) {
      return { problems, written: problems.length === 0 ? result.data : undefined, draft: result.data, toWritten };
    }
    const issues = flattenUnions(result.error.issues);
    const mended = mendKeys(issues, draft.value, renamed);
    for (const problem of mended) problems.push({ ...problem, path: toWritten(problem.path) });
    if (mended.length > 0) continue;
    for (const found of issues) problems.push({ path: toWritten(found.path), ...describe(found, draft.value) });
    for (const found of issues) mendValue(found, draft);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whatever broke the schema was mended or is undefined
    return {
      problems,
      written: undefined,
      draft: (isMap(draft.value) ? draft.value : {}) as Draft<WrittenConfig>,
      toWritten,
    };
  }
}

/** Renames or removes unknown keys and bad names, and says so, so that the next look sees what is below. */
function mendKeys(
  issues: readonly ShapeIssue[],
  root: unknown,
  renamed: Map<string, string>,
): readonly PlacedProblem[] {
  const problems: PlacedProblem[] = [];
  const misnamedIn = new Map<string, { path: Path; names: Set<string> }>();
  for (const { issue, path } of issues) {
    const parent = readAt(root, path);
    if (issue.code === "unrecognized_keys" && isMap(parent)) {
      problems.push(...issue.keys.map((key) => mendKey(key, parent, path, renamed)));
    } else if (issue.code === "invalid_key") {
      const wanted = issue.issues[0]?.message ?? "another name";
      problems.push({ path, at: "key", message: `${showValue(path.at(-1))} must be ${wanted}` });
      const above = path.slice(0, -1);
      const found = misnamedIn.get(JSON.stringify(above)) ?? { path: above, names: new Set() };
      misnamedIn.set(JSON.stringify(above), found);
      found.names.add(String(path.at(-1)));
    }
  }
  for (const { path, names } of misnamedIn.values()) mendNames(names, readAt(root, path), path, renamed);
  return problems;
}

function mendNames(names: ReadonlySet<string>, parent: unknown, path: Path, renamed: Map<string, string>): void {
  if (!isMap(parent)) return;
  // All are written anew: their order stays
  for (const [name, value] of Object.entries(parent)) {
    delete parent[name];
    const stand = names.has(name) ? `${misnamed}${renamed.size + 1}` : name;
    parent[stand] = value;
    if (stand !== name) renamed.set(JSON.stringify([...path, stand]), name);
  }
}

function mendKey(
  key: string,
  parent: Record<string, unknown>,
  path: Path,
  renamed: Map<string, string>,
): PlacedProblem {
  const known = listKeys(configSchema, path);
  const meant = suggest(
    key,
    known.filter((candidate) => !Object.hasOwn(parent, candidate)),
  );
  if (meant !== undefined) {
    parent[meant] = parent[key];
    renamed.set(JSON.stringify([...path, meant]), key);
  }
  delete parent[key];
  const hint = meant === undefined ? `known here are ${known.join(", ")}` : `did you mean "${meant}"?`;
  // The written key is the path's end, whatever it was renamed to
  return { path: [...path, key], at: "key", message: `${showValue(key)} is not a key here: ${hint}` };
}

function describe({ issue, path }: ShapeIssue, root: unknown): Pick<PlacedProblem, "at" | "message"> {
  const [key, parent, value] = [path.at(-1), readAt(root, path.slice(0, -1)), readAt(root, path)];
  const options = issue.code === "invalid_value" ? issue.values.map(String) : [];
  const wanted = options.length > 1 ? `one of ${options.map((one) => `"${one}"`).join(", ")}` : issue.message;
  if (typeof key === "string" && isMap(parent) && !Object.hasOwn(parent, key)) {
    return { at: "key", message: `"${key}" is missing: add ${wanted}` };
  }
  const meant = guess(issue, value);
  const unquoted =
    issue.code === "invalid_type" &&
    issue.expected === "string" &&
    (typeof value === "number" || typeof value === "boolean");
  const hint = meant === undefined ? (unquoted ? ": write it in quotes" : "") : `: did you mean "${meant}"?`;
  return { at: "value", message: `must be ${wanted}, it is ${showValue(value)}${hint}` };
}

/** What was written there, though broken, becomes what was probably meant, else undefined; what is missing stays so. */
function mendValue({ issue, path }: ShapeIssue, root: { value: unknown }): void {
  const key = path.at(-1);
  if (key === undefined) root.value = undefined;
  const parent = readAt(root.value, path.slice(0, -1));
  const meant = guess(issue, readAt(root.value, path));
  if (Array.isArray(parent) && typeof key === "number") parent[key] = meant;
  else if (isMap(parent) && typeof key === "string" && Object.hasOwn(parent, key)) parent[key] = meant;
}

function guess(issue: ShapeIssue["issue"], value: unknown): string | undefined {
  return issue.code === "invalid_value" && typeof value === "string"
    ? suggest(value, issue.values.map(String))
    : undefined;
}

function readAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (Array.isArray(value) && typeof key === "number") value = value[key];
    else if (isMap(value) && typeof key === "string" && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
