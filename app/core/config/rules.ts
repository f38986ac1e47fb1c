import { evaluateRules } from "./rules/evaluate-rules.ts";
import { expectRules } from "./rules/expect-rules.ts";
import { fileRules } from "./rules/file-rules.ts";
import { gateRules } from "./rules/gate-rules.ts";
import { jobRules } from "./rules/job-rules.ts";
import { noDuplicates, type ModelRule, type Report } from "./rules/rule.ts";
import type { Draft, WrittenConfig } from "./schema.ts";

/** Looks for every mistake in meaning, also in a config of which parts are broken. */
export function checkRules(config: Draft<WrittenConfig>, report: Report): void {
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
  ...expectRules,
  stagesAreUnique,
  watchedColumnsAreUnique,
  retrainingHasDataToChange,
];
