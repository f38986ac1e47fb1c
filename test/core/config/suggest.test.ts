import { expect, it } from "vitest";
import { suggest } from "#core/config/shape/suggest.ts";

it.for<[written: string, candidates: readonly string[], meant: string | undefined]>([
  ["modle", ["model", "run", "when"], "model"],
  ["runs_on", ["run", "runs-on"], "runs-on"],
  ["runsOn", ["run", "runs-on"], "runs-on"],
  ["Run", ["run", "model"], "run"],
  ["atleast", ["at-least", "at-most"], "at-least"],
  ["predicct", ["predict", "promote"], "predict"],
  ["auk", ["auc", "log_loss"], "auc"],
  ["of", ["if"], "if"],
  ["f1", ["auc", "log_loss"], undefined],
  ["owner", ["was", "inputs", "setup"], undefined],
  ["", ["was"], undefined],
  ["same", ["same"], undefined],
  ["x".repeat(60_000), ["inputs"], undefined],
])("suggest() of %.20s among %j is %s", ([written, candidates, meant]) => {
  expect(suggest(written, candidates)).toBe(meant);
});
