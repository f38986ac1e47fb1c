import type { StoreAddress } from "#core/store-address.ts";
import { checkShape, type PlacedProblem } from "./shape/check-shape.ts";
import { completeConfig, completeStore } from "./complete.ts";
import type { ConfigProblem, ParsedConfig } from "./config.ts";
import { findUnused } from "./find-unused.ts";
import { checkRules } from "./rules.ts";
import { readYaml, type Path, type ReadYaml } from "./yaml/read-yaml.ts";

const mostProblems = 100;

/**
 * Reads the bytes of `.github/trainyard.yml`, which are untrusted. Every mistake is reported at once, in the order of
 * the file, or the whole config is there, with its defaults. Never throws.
 */
export function parseConfig(bytes: Uint8Array | string): ParsedConfig {
  const read = readYaml(bytes);
  const problems: ConfigProblem[] = read.problems.map((problem) => ({ ...problem, path: writePath(problem.path) }));
  if (read.value === undefined) return { kind: "problems", problems };
  const broken = new Set(problems.map(({ path }) => path));
  const { problems: misshapen, written, draft, toWritten } = checkShape(read.value);
  for (const problem of misshapen) {
    const path = writePath(problem.path);
    // A metrics-file stands in for what would be missing, and is refused by a rule of its own
    if (!broken.has(path) && !isExcused(problem, draft, toWritten)) problems.push(place(problem, read));
  }
  checkRules(draft, (path, message, at = "value") =>
    problems.push(place({ path: toWritten(path), at, message }, read)),
  );
  if (problems.length === 0 && written !== undefined) {
    const notes = findUnused(written).map((note) => place(note, read));
    return { kind: "config", config: completeConfig(written), notes };
  }
  return { kind: "problems", problems: sortProblems(problems) };
}

/**
 * The store that `data:` of a config names, whatever else is wrong or still missing there: data is stored before there is
 * a model. Undefined where none is named. Never throws.
 */
export function parseStore(bytes: Uint8Array | string): StoreAddress | undefined {
  const { data } = checkShape(readYaml(bytes).value).draft;
  return data?.store === undefined ? undefined : completeStore({ ...data, store: data.store });
}

const known = new WeakMap<Uint8Array, ParsedConfig>();

/**
 * The same, made once of these very bytes: repositories hand out one and the same blob many times during a look, and a
 * config of fifty models takes 20 ms to read.
 */
export function parseOnce(bytes: Uint8Array): ParsedConfig {
  const parsed = known.get(bytes) ?? parseConfig(bytes);
  known.set(bytes, parsed);
  return parsed;
}

function isExcused(
  { path, message }: PlacedProblem,
  draft: ReturnType<typeof checkShape>["draft"],
  toWritten: (path: Path) => Path,
): boolean {
  const [models, name, part, key] = path;
  if (models === undefined || part === undefined || key === undefined || !message.includes(" is missing: "))
    return false;
  return Object.entries(draft.models ?? {}).some(([model, value]) => {
    const at = toWritten(["models", model, "evaluate"]);
    return at[1] === name && at[2] === part && value?.evaluate !== undefined && "metrics-file" in value.evaluate;
  });
}

function place({ path, at, message }: PlacedProblem, read: ReadYaml): ConfigProblem {
  return { path: writePath(path), ...read.locate(path, at), message };
}

function sortProblems(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const rest = sorted.length - mostProblems;
  const last = sorted[mostProblems - 1];
  if (rest <= 0 || last === undefined) return sorted;
  return [
    ...sorted.slice(0, mostProblems - 1),
    { ...last, path: "", message: `and ${rest + 1} more mistakes: mend these first` },
  ];
}

/** `models.churn.gates[0].at-least`; "" is the whole file. Keys are untrusted and shown short. */
function writePath(path: Path): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else text += `${text === "" ? "" : "."}${key.length > 100 ? `${key.slice(0, 100)}…` : key}`;
  }
  return text;
}
