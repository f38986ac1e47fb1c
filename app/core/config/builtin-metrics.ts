import type { MetricDefinition, Task } from "./config.ts";
import { defaults } from "./defaults.ts";

type Options = { threshold?: number | undefined; at?: number | undefined; unit?: string | undefined };
type Option = "threshold" | "at";
type Builtin = {
  better: MetricDefinition["better"];
  /** the option it takes */
  option: Option | undefined;
  /** the values that it can have */
  low: number;
  high: number;
  define: (options: Options) => MetricDefinition["definition"];
};

const share = { better: "higher", low: 0, high: 1 } as const;
const threshold = (options: Options): number => options.threshold ?? defaults.threshold;
const at = (options: Options): number => options.at ?? defaults.at;

const builtins: Readonly<Record<Task, ReadonlyMap<string, Builtin>>> = {
  binary: new Map<string, Builtin>([
    ["auc", { ...share, option: undefined, define: () => ({ kind: "auc" }) }],
    ["log_loss", { better: "lower", option: undefined, low: 0, high: Infinity, define: () => ({ kind: "log-loss" }) }],
    [
      "accuracy",
      { ...share, option: "threshold", define: (options) => ({ kind: "accuracy", threshold: threshold(options) }) },
    ],
    [
      "precision",
      { ...share, option: "threshold", define: (options) => ({ kind: "precision", threshold: threshold(options) }) },
    ],
    [
      "recall",
      { ...share, option: "threshold", define: (options) => ({ kind: "recall", threshold: threshold(options) }) },
    ],
  ]),
  ranking: new Map<string, Builtin>([
    ["ndcg", { ...share, option: "at", define: (options) => ({ kind: "ndcg", at: at(options) }) }],
    ["hit_rate", { ...share, option: "at", define: (options) => ({ kind: "hit-rate", at: at(options) }) }],
    ["recall", { ...share, option: "at", define: (options) => ({ kind: "recall-at", at: at(options) }) }],
  ]),
};

/** A metric's name as written, cut into the built-in's name and the number behind `@`. */
export function splitMetricName(written: string): { name: string; at: number | undefined } {
  const [name = "", at] = written.split("@");
  return { name, at: at === undefined ? undefined : Number(at) };
}

/** The built-in metric of a task that this name means; `ndcg@5` means `ndcg` with `at: 5`. */
export function findBuiltin(task: Task, written: string): Builtin | undefined {
  const { name, at: behind } = splitMetricName(written);
  const builtin = builtins[task].get(name);
  return behind !== undefined && builtin?.option !== "at" ? undefined : builtin;
}

/** Names of a task's built-in metrics, for messages. */
export function listBuiltins(task: Task): readonly string[] {
  return [...builtins[task].keys()];
}

/** The built-in metric under its one full name: of those that count items `ndcg@10`, whichever way it was written. */
export function defineBuiltin(task: Task, written: string, options: Options): MetricDefinition | undefined {
  const builtin = findBuiltin(task, written);
  if (builtin === undefined) return undefined;
  const split = splitMetricName(written);
  const definition = builtin.define({ ...options, at: split.at ?? options.at });
  const name = "at" in definition ? `${split.name}@${definition.at}` : split.name;
  return { name, better: builtin.better, unit: options.unit, definition };
}

/** Which metric a gate means: one of those listed (under its full name), or a built-in one that is not listed yet. */
export type NamedMetric =
  | { kind: "metric"; name: string }
  | { kind: "unknown" }
  | { kind: "ambiguous"; names: readonly string[] };

/** `ndcg` means the one `ndcg@…` that is listed; `ndcg@5` just that. `listed` holds full names. */
export function nameMetric(task: Task, listed: readonly string[], written: string): NamedMetric {
  if (listed.includes(written)) return { kind: "metric", name: written };
  const names = listed.filter((name) => splitMetricName(name).name === written);
  if (names.length > 1) return { kind: "ambiguous", names };
  const name = names[0] ?? defineBuiltin(task, written, {})?.name;
  return name === undefined ? { kind: "unknown" } : { kind: "metric", name };
}
