import { evaluateRules } from "./rules/evaluate-rules.ts";
import { expectRules } from "./rules/expect-rules.ts";
import { fileRules } from "./rules/file-rules.ts";
import { gateRules } from "./rules/gate-rules.ts";
import { jobRules } from "./rules/job-rules.ts";
import { noDuplicates, type ModelRule, type Report } from "./rules/rule.ts";
import { readStoreAddress } from "#core/store-address.ts";
import type { Draft, WrittenConfig } from "./schema.ts";
import type { Path } from "./yaml/read-yaml.ts";

/** Looks for every mistake in meaning, also in a config of which parts are broken. */
export function checkRules(config: Draft<WrittenConfig>, report: Report): void {
  storeCanBeRead(config, report);
  const models = config.models;
  if (models === undefined) return;
  if (Object.keys(models).length === 0)
    report(["models"], "there is no model: add one, such as churn: { train: …, predict: …, evaluate: … }");
  renamedModelsAreGone(models, report);
  for (const [name, model] of Object.entries(models)) {
    if (model === undefined) continue;
    for (const rule of modelRules) rule(model, (path, message, at) => report(["models", name, ...path], message, at));
  }
}

function storeCanBeRead({ data }: Draft<WrittenConfig>, report: Report): void {
  if (data?.store === undefined) return;
  const read = readStoreAddress({ url: data.store, endpoint: data.endpoint });
  if ("problem" in read) return report(["data", "store"], `"${data.store}" names no store: ${read.problem}`);
  const { kind } = read.address;
  if (kind === "foreign")
    report(
      ["data", "store"],
      `"${read.address.scheme}://" is not spoken here: write a folder, "s3://bucket/folder" or "releases", or leave data out and let the team's own command fetch it: fetch: { run: dvc pull } beside the model's inputs`,
    );
  for (const key of ["endpoint", "region", "path-style"] as const)
    if (kind !== "s3" && kind !== "foreign" && key in data)
      report(["data", key], "only a bucket has one: leave it out", "key");
}

function renamedModelsAreGone(models: NonNullable<Draft<WrittenConfig>["models"]>, report: Report): void {
  const claimed = new Map<string, string>();
  for (const [name, model] of Object.entries(models)) {
    const was = model?.was;
    if (was === undefined) continue;
    const other = claimed.get(was);
    if (Object.hasOwn(models, was))
      report(["models", name, "was"], `"${was}" is still a model here: a model takes the place of one that is gone`);
    else if (other !== undefined)
      report(["models", name, "was"], `"${was}" went on as "${other}" already: one model takes the place of another`);
    else claimed.set(was, name);
  }
}

const stagesAreUnique: ModelRule = ({ promote }, report) => {
  noDuplicates(promote?.stages, ["promote", "stages"], report);
};

const alarmCanBeRaised: ModelRule = ({ monitor }, report) => {
  const { after, of } = monitor?.alarm ?? {};
  if (after !== undefined && of !== undefined && after > of)
    report(["monitor", "alarm", "after"], `${after} of ${of} watches can never be: write at most ${of}`);
};

const retrainingHasDataToChange: ModelRule = (model, report) => {
  if (
    model.monitor?.retrain !== undefined &&
    (!("inputs" in model) || (model.inputs !== undefined && !("data" in model.inputs)))
  ) {
    report(
      ["monitor", "retrain"],
      "retraining changes data inputs only, and none are declared: add inputs: { data: […], code: […] }",
      "key",
    );
  }
};

const watchedColumnsAreUnique: ModelRule = ({ monitor }, report) => {
  noDuplicates(monitor?.columns, ["monitor", "columns"], report);
  noDuplicates(monitor?.drift?.names, ["monitor", "drift", "names"], report);
};

const driftIsInRange: ModelRule = ({ monitor }, report) => {
  const { p, columns, preset } = monitor?.drift ?? {};
  const path: Path = ["monitor", "drift"];
  if (p !== undefined && !(p > 0 && p < 1))
    report([...path, "p"], `${p} is no probability that decides: write a number between 0 and 1, such as 0.01`);
  if (preset !== undefined && p !== undefined)
    report([...path, "p"], `the preset "${preset}" brings its own limits: leave "p" or "preset" out`);
  for (const [name, column] of Object.entries(columns ?? {})) {
    const threshold = column?.threshold;
    const at: Path = [...path, "columns", name, "threshold"];
    if (threshold !== undefined && !(threshold > 0 && threshold <= 1))
      report(at, `${threshold} is no distance: write a number above 0, up to 1, such as 0.2`);
    else if (threshold !== undefined && preset !== undefined)
      report(at, `the preset "${preset}" brings its own limits: leave "threshold" or "preset" out`);
    if (monitor?.columns !== undefined && !monitor.columns.includes(name))
      report([...path, "columns", name], `"${name}" is not watched: add it to "monitor: columns"`, "key");
  }
};

const modelRules: readonly ModelRule[] = [
  ...fileRules,
  ...jobRules,
  ...evaluateRules,
  ...gateRules,
  ...expectRules,
  alarmCanBeRaised,
  stagesAreUnique,
  watchedColumnsAreUnique,
  driftIsInRange,
  retrainingHasDataToChange,
];
