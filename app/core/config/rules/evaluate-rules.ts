import { defineBuiltin, findBuiltin, listBuiltins, splitMetricName } from "#core/config/builtin-metrics.ts";
import type { Task } from "#core/config/config.ts";
import { misnamed } from "#core/config/shape/check-shape.ts";
import type { Draft, WrittenMetric } from "#core/config/schema.ts";
import { suggest } from "#core/config/shape/suggest.ts";
import type { Path } from "#core/config/yaml/read-yaml.ts";
import { noDuplicates, type ModelRule, type Report } from "./rule.ts";

const nothingFromAFile: ModelRule = ({ evaluate }, report) => {
  if (evaluate !== undefined && "metrics-file" in evaluate) {
    report(
      ["evaluate", "metrics-file"],
      "metrics from a file are not supported yet: write holdout, task, label and score",
      "key",
    );
  }
};

const rankingsNameTheirQueries: ModelRule = ({ evaluate }, report) => {
  const task = evaluate?.task;
  if (evaluate === undefined || task === undefined) return;
  if (task === "ranking" && !("id" in evaluate))
    report(["evaluate"], '"id" is missing: a ranking needs the column that names the query', "key");
  if (task === "binary" && "ignore" in evaluate)
    report(["evaluate", "ignore"], "only rankings ignore pairs: remove it, or write task: ranking", "key");
};

const columnsDiffer: ModelRule = ({ evaluate }, report) => {
  const seen = new Map<string, string>();
  for (const key of ["id", "label", "score"] as const) {
    const column = evaluate?.[key];
    if (column === undefined) continue;
    const other = seen.get(column);
    if (other === undefined) seen.set(column, key);
    else report(["evaluate", key], `"${column}" is the ${other} already: ${key} is another column`);
  }
  noDuplicates(evaluate?.slices, ["evaluate", "slices"], report);
  const label = evaluate?.slices?.findIndex((slice) => slice !== undefined && slice === evaluate.label) ?? -1;
  if (label !== -1)
    report(["evaluate", "slices", label], `"${evaluate?.label}" is the label: slices are cut by what is known before`);
};

const metricsAreDefined: ModelRule = ({ evaluate }, report) => {
  const task = evaluate?.task;
  if (task === undefined) return;
  const fullNames = new Map<string, string>();
  for (const [name, written] of Object.entries(evaluate?.metrics ?? {})) {
    if (written === undefined) continue;
    const path: Path = ["evaluate", "metrics", name];
    const metric = written ?? {};
    if ("mean" in metric || "ratio" in metric) checkOwn(task, name, metric, path, report);
    else if (findBuiltin(task, name) === undefined) reportUnknown(task, name, metric, path, report);
    else {
      checkBuiltin(task, name, metric, path, report);
      const full = defineBuiltin(task, name, metric)?.name ?? name;
      const other = fullNames.get(full);
      if (other !== undefined) report(path, `it is "${full}", as "${other}" is: keep one`, "key");
      else fullNames.set(full, name);
    }
  }
};

function checkOwn(
  task: Task,
  name: string,
  metric: Draft<NonNullable<WrittenMetric>>,
  path: Path,
  report: Report,
): void {
  if ("mean" in metric && "ratio" in metric) report(path, "it has mean and ratio: keep one of them", "key");
  if (findBuiltin(task, name) !== undefined)
    report(path, `"${name}" is built in: give your own metric another name`, "key");
  else if (name.includes("@")) report(path, `"${name}" holds "@": only built-in metrics of rankings have it`, "key");
  if (!("better" in metric)) report(path, '"better" is missing: add better: higher or better: lower', "key");
  for (const key of ["threshold", "at"] as const) {
    if (key in metric) report([...path, key], `only built-in metrics take "${key}": remove it`, "key");
  }
}

function checkBuiltin(
  task: Task,
  name: string,
  metric: Draft<NonNullable<WrittenMetric>>,
  path: Path,
  report: Report,
): void {
  const builtin = findBuiltin(task, name);
  if (builtin === undefined) return;
  if ("better" in metric) report([...path, "better"], `of "${name}" ${builtin.better} is better: remove it`, "key");
  for (const key of ["threshold", "at"] as const) {
    if (key in metric && builtin.option !== key)
      report([...path, key], `"${name}" takes no "${key}": remove it`, "key");
  }
  const { threshold, at } = metric;
  if (builtin.option === "threshold" && threshold !== undefined && (threshold < 0 || threshold > 1))
    report([...path, "threshold"], `must be between 0 and 1, it is ${threshold}`);
  const behind = splitMetricName(name).at;
  if (at !== undefined && behind !== undefined && at !== behind)
    report([...path, "at"], `"${name}" says ${behind} and this ${at}: remove one`);
}

function reportUnknown(
  task: Task,
  name: string,
  metric: Draft<NonNullable<WrittenMetric>>,
  path: Path,
  report: Report,
): void {
  if (name.startsWith(misnamed)) return;
  const builtins = listBuiltins(task);
  const meant = suggest(name, builtins);
  const own = 'or define it: { mean: "…", better: lower }';
  const hint =
    meant === undefined
      ? `built in are ${builtins.join(", ")}; choose one, ${own}`
      : `did you mean "${meant}"? Choose it, ${own}`;
  if (Object.keys(metric).some((key) => key === "better") && meant === undefined)
    report(path, `it says what is better, but not what it is: add mean or ratio`, "key");
  else report(path, `"${name}" is not built in for ${task}: ${hint}`, "key");
}

/** What a model's evaluation must mean. */
export const evaluateRules: readonly ModelRule[] = [
  nothingFromAFile,
  rankingsNameTheirQueries,
  columnsDiffer,
  metricsAreDefined,
];
