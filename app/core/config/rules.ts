import { evaluateRules } from "./rules/evaluate-rules.ts";
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

const expectationsCheckOneThing: ModelRule = ({ expect }, report) => {
  for (const [index, expectation] of (expect ?? []).entries()) {
    if (expectation === undefined) continue;
    const checks = (["not-null", "unique", "between", "in"] as const).filter((key) => key in expectation);
    const path: Path = ["expect", index];
    if ("sql" in expectation) {
      if (checks.length > 0 || "column" in expectation)
        report(path, "sql speaks of all rows: write the column's checks as an expectation of their own");
    } else if (checks.length === 0) report(path, "it checks nothing: add not-null, unique, between, in or sql");
    else if (!("column" in expectation))
      report(path, '"column" is missing: add the name of the column that is checked');
    const [low, high] = expectation.between ?? [];
    if (low !== undefined && high !== undefined && low > high)
      report([...path, "between"], `${low} is above ${high}: write the smaller number first`);
  }
};

const stagesAreUnique: ModelRule = ({ promote }, report) => {
  noDuplicates(promote?.stages, ["promote", "stages"], report);
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
};

const modelRules: readonly ModelRule[] = [
  ...fileRules,
  ...jobRules,
  ...evaluateRules,
  ...gateRules,
  expectationsCheckOneThing,
  stagesAreUnique,
  watchedColumnsAreUnique,
  retrainingHasDataToChange,
];
