import { describe, expect, it } from "vitest";
import type { Config, Model } from "#core/config/config.ts";
import { parseConfig } from "#core/config/parse.ts";
import { everything, ranking, smallest } from "./examples.ts";

function read(text: string | Uint8Array): Config {
  const parsed = parseConfig(text);
  if (parsed.kind === "problems")
    throw new Error(parsed.problems.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return parsed.config;
}

function readModel(text: string): Model {
  const [model] = read(text).models.values();
  if (model === undefined) throw new Error("There is no model");
  return model;
}

describe("parseConfig()", () => {
  it("fills in every default of the smallest config", () => {
    expect(read(smallest)).toMatchInlineSnapshot(`
      {
        "models": Map {
          "churn" => {
            "evaluate": {
              "baseline": undefined,
              "holdout": {
                "globs": [
                  "holdout.csv",
                ],
                "kind": "globs",
              },
              "id": undefined,
              "ignore": undefined,
              "label": "churned",
              "lookup": undefined,
              "metrics": [
                {
                  "better": "higher",
                  "definition": {
                    "kind": "auc",
                  },
                  "name": "auc",
                  "unit": undefined,
                },
                {
                  "better": "lower",
                  "definition": {
                    "kind": "log-loss",
                  },
                  "name": "log_loss",
                  "unit": undefined,
                },
              ],
              "score": "p",
              "slices": [],
              "task": "binary",
            },
            "expect": [],
            "gates": [
              {
                "bar": 0.75,
                "kind": "at-least",
                "metric": "auc",
              },
              {
                "against": "production",
                "better": false,
                "kind": "versus",
                "mayWorsen": 0.005,
                "metric": "auc",
              },
            ],
            "inputs": undefined,
            "monitor": undefined,
            "name": "churn",
            "predict": {
              "run": "python predict.py",
              "runsOn": "ubuntu-latest",
              "timeoutMs": 3600000,
            },
            "promote": {
              "bump": "minor",
              "combinations": "wait",
              "environment": undefined,
              "pin": undefined,
              "stages": [
                "production",
              ],
            },
            "setup": {
              "container": undefined,
              "run": "pip install -r requirements.txt",
            },
            "train": {
              "model": "model.onnx",
              "run": "python train.py",
              "runsOn": "ubuntu-latest",
              "secrets": [],
              "timeoutMs": 21600000,
              "when": "push",
            },
            "was": undefined,
          },
        },
        "version": 1,
        "writer": "actions",
      }
    `);
  });

  it("reads everything that can be written", () => {
    expect(readModel(everything)).toMatchSnapshot();
  });

  it("says which settings do nothing yet", () => {
    const parsed = parseConfig(everything);
    expect(parsed.kind === "config" && parsed.notes.map(({ line, path }) => `${line} ${path}`)).toMatchInlineSnapshot(`
      [
        "20 models.churn.train.plots",
        "50 models.churn.tune",
      ]
    `);
  });

  it("says that rankings are not sliced yet", () => {
    const parsed = parseConfig(ranking.replace("id: household", "id: household\n      slices: [region]"));
    expect(parsed.kind === "config" && parsed.notes.map(({ message }) => message)).toEqual([
      '"slices" does nothing yet: rankings are not sliced',
    ]);
  });

  it("reads a ranking, its metrics under their full names", () => {
    expect(readModel(ranking).evaluate).toMatchInlineSnapshot(`
      {
        "baseline": undefined,
        "holdout": {
          "count": 4,
          "kind": "last",
          "of": "data/weeks/*.csv",
        },
        "id": "household",
        "ignore": {
          "count": 12,
          "kind": "last",
          "of": "data/weeks/*.csv",
        },
        "label": "item",
        "lookup": {
          "count": 24,
          "kind": "last",
          "of": "data/weeks/*.csv",
        },
        "metrics": [
          {
            "better": "higher",
            "definition": {
              "at": 10,
              "kind": "ndcg",
            },
            "name": "ndcg@10",
            "unit": undefined,
          },
          {
            "better": "higher",
            "definition": {
              "at": 10,
              "kind": "hit-rate",
            },
            "name": "hit_rate@10",
            "unit": undefined,
          },
        ],
        "score": "score",
        "slices": [],
        "task": "ranking",
      }
    `);
  });

  it("gives a ranking its usual metrics", () => {
    const text = ranking.replace(/\n +metrics:.*\n/, "\n");
    expect(readModel(text).evaluate.metrics.map(({ name }) => name)).toEqual(["ndcg@10", "hit_rate@10"]);
  });

  it("keeps the written order of metrics, and adds those that only a gate names", () => {
    const text = smallest.replace("score: p }", "score: p, metrics: { log_loss: {}, recall: { threshold: 0.3 } } }");
    const { evaluate } = readModel(text.replace("metric: auc, at-least: 0.75", "metric: precision, at-least: 0.75"));
    expect(evaluate.metrics.map(({ name, definition }) => ({ name, definition }))).toEqual([
      { name: "log_loss", definition: { kind: "log-loss" } },
      { name: "recall", definition: { kind: "recall", threshold: 0.3 } },
      { name: "precision", definition: { kind: "precision", threshold: 0.5 } },
      { name: "auc", definition: { kind: "auc" } },
    ]);
  });

  it.for([
    ["ndcg", "{ ndcg: { at: 5 } }", "ndcg@5", ["ndcg@5"]],
    ["ndcg@5", "{ ndcg: { at: 5 } }", "ndcg@5", ["ndcg@5"]],
    ["ndcg@10", "{ ndcg: { at: 5 } }", "ndcg@10", ["ndcg@5", "ndcg@10"]],
    ["recall", "{ ndcg: { at: 5 } }", "recall@10", ["ndcg@5", "recall@10"]],
    ["hit_rate@3", "{ hit_rate@3: }", "hit_rate@3", ["hit_rate@3"]],
  ] as const)("lets a gate on %s with metrics %s mean %s", ([gate, metrics, meant, names]) => {
    const text = ranking.replace(/metrics:.*\n/, `metrics: ${metrics}\n`);
    const model = readModel(`${text}    gates: [{ metric: ${gate}, at-least: 0.1 }]\n`);
    expect(model.gates[0]?.metric).toBe(meant);
    expect(model.evaluate.metrics.map(({ name }) => name)).toEqual(names);
  });

  it.for([
    ["{ metric: auc, at-least: 0.5 }", { kind: "at-least", metric: "auc", bar: 0.5 }],
    ["{ metric: log_loss, at-most: 0.5 }", { kind: "at-most", metric: "log_loss", bar: 0.5 }],
    [
      "{ metric: auc, versus: production, may-worsen: 0 }",
      { kind: "versus", metric: "auc", against: "production", mayWorsen: 0, better: false },
    ],
    [
      "{ metric: auc, versus: production, better: true }",
      { kind: "versus", metric: "auc", against: "production", mayWorsen: 0, better: true },
    ],
  ] as const)("reads the gate %s", ([written, gate]) => {
    expect(readModel(smallest.replace(/gates:[^]*$/, `gates: [${written}]\n`)).gates[0]).toEqual(gate);
  });

  it.for(["holdout.csv", "[holdout.csv, more/*.csv]", "{ last: 4, of: data/weeks/* }"])(
    "reads the holdout %s",
    (written) => {
      const { holdout } = readModel(smallest.replace("holdout.csv", written)).evaluate;
      const globs = written.startsWith("[") ? ["holdout.csv", "more/*.csv"] : [written];
      expect(holdout).toEqual(
        written.startsWith("{") ? { kind: "last", count: 4, of: "data/weeks/*" } : { kind: "globs", globs },
      );
    },
  );

  it("predicts where it trains unless told otherwise", () => {
    const model = readModel(smallest.replace("model: model.onnx", "model: model.onnx, runs-on: { group: gpu }"));
    expect([model.train.runsOn, model.predict.runsOn]).toEqual([{ group: "gpu" }, { group: "gpu" }]);
  });

  it("takes a new name for a model that is gone", () => {
    expect(readModel(smallest.replace("  churn:", "  leavers:\n    was: churn")).was).toBe("churn");
  });

  it("reads the same with a byte order mark and with Windows line ends", () => {
    const bytes = new TextEncoder().encode(`\ufeff${smallest.replaceAll("\n", "\r\n")}`);
    expect(read(bytes)).toEqual(read(smallest));
  });
});
