import { describe, expect, it } from "vitest";
import { listProblems, withModel } from "./list-problems.ts";

describe("parseConfig() with one mistake", () => {
  it.for<[part: string, written: string, problem: string]>([
    [
      "train",
      "train: { model: model.onnx }",
      '4:5 models.churn.train.run: "run" is missing: add a shell command, such as "python train.py"',
    ],
    [
      "train",
      "train:",
      "4:11 models.churn.train: must be a map such as { run: python train.py, model: model.onnx }, it is empty",
    ],
    [
      "train",
      "train: { run: x, model: ../model.onnx }",
      '4:29 models.churn.train.model: "../model.onnx" cannot be written to: it holds "..": paths stay inside the folder that the command runs in',
    ],
    [
      "train",
      "train: { run: x, model: /srv/model }",
      '4:29 models.churn.train.model: "/srv/model" cannot be written to: it is absolute: paths start in the folder that the command runs in',
    ],
    [
      "train",
      "train: { run: x, model: m, timeout: 30 }",
      '4:41 models.churn.train.timeout: must be a duration, such as "12h", "30m" or "90s", it is 30: write it in quotes',
    ],
    [
      "train",
      "train: { run: x, model: m, timeout: 9d }",
      '4:41 models.churn.train.timeout: "9d" is longer than a job may take: at most 5d',
    ],
    [
      "train",
      "train: { run: x, model: m, secrets: [GITHUB_TOKEN] }",
      '4:42 models.churn.train.secrets[0]: "GITHUB_TOKEN" is taken: GitHub or Trainyard sets it, choose another name',
    ],
    [
      "train",
      "train: { run: x, model: m, runs-on: 3 }",
      "4:41 models.churn.train.runs-on: must be a runner's label, a list of labels, or { group: …, labels: […] }, it is 3",
    ],
    [
      "train",
      "train: { run: x, model: m, runs-on: { groop: gpu } }",
      '4:43 models.churn.train.runs-on.groop: "groop" is not a key here: did you mean "group"?',
    ],
    [
      "rest",
      "monitor: { current: { run: x, output: c.csv }, labels: l.csv }",
      "7:60 models.churn.monitor.labels: labels alone measure nothing: name the files of `predictions` too",
    ],
    [
      "rest",
      "monitor: { current: { run: x, output: c.csv }, predictions: p.csv }",
      "7:65 models.churn.monitor.predictions: predictions and labels are joined by an id: name its column in `evaluate: id`",
    ],
    [
      "rest",
      "setup: { run: x, container: python:3 }",
      '7:33 models.churn.setup.container: "python:3" can change under its name: write the image by digest, such as "ghcr.io/acme/train@sha256:" and 64 hex digits',
    ],
    [
      "train",
      "train: { run: x, model: out/m, checkpoint: { path: out } }",
      '4:56 models.churn.train.checkpoint.path: "out" and the model "out/m" share files: give each a place of its own',
    ],
    [
      "train",
      "train: { run: x, model: m, checkpoint: { path: c, every: 6d } }",
      '4:62 models.churn.train.checkpoint.every: "6d" is longer than a job may take: at most 5d',
    ],
    [
      "rest",
      "setup: { run: x, cache: [.venv] }",
      '7:30 models.churn.setup.cache[0]: ".venv" cannot be kept: write a folder below the home directory, such as "~/.cache/uv"',
    ],
    [
      "rest",
      "setup: { run: x, cache: [~/../x] }",
      '7:30 models.churn.setup.cache[0]: "~/../x" cannot be kept: write a folder below the home directory, such as "~/.cache/uv"',
    ],
    [
      "evaluate",
      "evaluate: { task: multiclass, holdout: h.csv, label: l, score: s }",
      '6:23 models.churn.evaluate.task: must be one of "binary", "ranking", it is "multiclass"',
    ],
    [
      "evaluate",
      "evaluate: { task: regression, holdout: h.csv, label: l, score: s }",
      '6:23 models.churn.evaluate.task: must be one of "binary", "ranking", it is "regression"',
    ],
    [
      "evaluate",
      "evaluate: { task: scores, holdout: h.csv, label: l, score: s }",
      '6:23 models.churn.evaluate.task: must be one of "binary", "ranking", it is "scores"',
    ],
    [
      "evaluate",
      "evaluate: { metrics-file: metrics.json }",
      "6:17 models.churn.evaluate.metrics-file: metrics from a file are not supported yet: write holdout, task, label and score",
    ],
    [
      "evaluate",
      "evaluate: { task: binary, holdout: h.csv, score: s }",
      '6:5 models.churn.evaluate.label: "label" is missing: add the name of a column',
    ],
    [
      "evaluate",
      "evaluate: { task: binary, holdout: { last: 4 }, label: l, score: s }",
      '6:31 models.churn.evaluate.holdout.of: "of" is missing: add a pattern of paths, such as "data/*.csv"',
    ],
    [
      "evaluate",
      "evaluate: { task: binary, holdout: [], label: l, score: s }",
      "6:40 models.churn.evaluate.holdout: must be a list of patterns, it is an empty list",
    ],
    [
      "evaluate",
      "evaluate: { task: binary, holdout: h.csv, label: l, score: s, ignore: i.csv }",
      "6:67 models.churn.evaluate.ignore: only rankings ignore pairs: remove it, or write task: ranking",
    ],
    [
      "evaluate",
      "evaluate: { task: binary, holdout: h.csv, label: l, score: s, metrics: { auc: { threshold: 2 } } }",
      '6:85 models.churn.evaluate.metrics.auc.threshold: "auc" takes no "threshold": remove it',
    ],
    [
      "evaluate",
      "evaluate: { task: binary, holdout: h.csv, label: l, score: s, metrics: { auc: {}, recall: { threshold: 2 } } }",
      "6:108 models.churn.evaluate.metrics.recall.threshold: must be between 0 and 1, it is 2",
    ],
    [
      "evaluate",
      "evaluate: { task: binary, holdout: h.csv, label: l, score: s, metrics: { cost: { mean: price } } }",
      '6:78 models.churn.evaluate.metrics.cost: "better" is missing: add better: higher or better: lower',
    ],
    [
      "evaluate",
      "evaluate: { task: binary, holdout: h.csv, label: l, score: s, metrics: { auc: { mean: price, better: lower } } }",
      '6:78 models.churn.evaluate.metrics.auc: "auc" is built in: give your own metric another name',
    ],
    [
      "evaluate",
      "evaluate: { task: binary, holdout: h.csv, label: l, score: s, metrics: { cost: { ratio: [a], better: lower } } }",
      '6:93 models.churn.evaluate.metrics.cost.ratio: must be two sums in SQL, such as ["sum(margin)", "sum(price)"], it is a list',
    ],
    [
      "evaluate",
      "evaluate: { task: binary, holdout: h.csv, label: l, score: s, slices: [l] }",
      '6:76 models.churn.evaluate.slices[0]: "l" is the label: slices are cut by what is known before',
    ],
    [
      "rest",
      "gates: [{ metric: auc }]",
      "7:13 models.churn.gates[0]: it asks for nothing: add at-least, at-most or versus",
    ],
    [
      "rest",
      "gates: [{ metric: auc, at-least: 0.7, may-worsen: 0.1 }]",
      '7:43 models.churn.gates[0].may-worsen: "may-worsen" compares: it goes with versus: production or versus: baseline',
    ],
    [
      "rest",
      "gates: [{ metric: auc, versus: production }]",
      "7:13 models.churn.gates[0]: it does not say how much: add may-worsen: 0.005, or better: true",
    ],
    [
      "rest",
      "gates: [{ metric: auc, versus: baseline, better: true }]",
      "7:36 models.churn.gates[0].versus: there is no baseline: add evaluate.baseline: { run: …, code: […] }",
    ],
    [
      "rest",
      "gates: [{ metric: auc, at-least: 75 }]",
      '7:38 models.churn.gates[0].at-least: "auc" lies between 0 and 1: 75 cannot be its bar',
    ],
    [
      "rest",
      "gates: [{ metric: auc, at-least: .nan }]",
      "7:38 models.churn.gates[0].at-least: must be a number, such as 0.75, it is NaN",
    ],
    [
      "rest",
      "gates: [{ metric: auc, versus: production, may-worsen: 0.02, slices: all }]",
      "7:66 models.churn.gates[0].slices: gates on slices are not supported yet: remove it, this gate then looks at all rows",
    ],
    [
      "rest",
      "gates: [{ metric: auc, at-least: 0.7 }, { metric: auc, at-least: 0.8 }]",
      '7:45 models.churn.gates[1]: there is such a gate on "auc" already: keep one',
    ],
    [
      "rest",
      "expect: [{ column: age }]",
      "7:14 models.churn.expect[0]: it checks nothing: add not-null, unique, between, in or sql",
    ],
    [
      "rest",
      "expect: [{ column: age, between: [9, 1] }]",
      "7:38 models.churn.expect[0].between: 9 is above 1: write the smaller number first",
    ],
    [
      "rest",
      "expect: [{ column: a, unique: [b, c] }]",
      "7:14 models.churn.expect[0]: a list of unique columns speaks of all rows: write the column's checks as an expectation of their own",
    ],
    [
      "rest",
      "expect: [{ row-count: 5, columns: [a] }]",
      '7:14 models.churn.expect[0]: "columns" beside "row-count": write each as an expectation of its own',
    ],
    [
      "rest",
      "expect: [{ column: a, mean: [1, 2], mostly: 0.9 }]",
      '7:49 models.churn.expect[0].mostly: it is a share of rows, and "mean" is not about single rows: write "mean" as an expectation of its own',
    ],
    [
      "rest",
      "expect: [{ column: a, not-null: true, mostly: 1.2 }]",
      "7:51 models.churn.expect[0].mostly: must be a share above 0 and at most 1, such as 0.99, it is 1.2",
    ],
    [
      "rest",
      "expect: [{ column: a, between: [null, null] }]",
      "7:36 models.churn.expect[0].between: it bounds nothing: write a number on one side at least",
    ],
    [
      "rest",
      "expect: [{ column: a, not-null: true, only: true }]",
      '7:43 models.churn.expect[0].only: it says something about "columns", which is not there: add columns: [id, age]',
    ],
    [
      "rest",
      "expect: [{ columns: [a], where: b }]",
      "7:37 models.churn.expect[0].where: it chooses rows, and columns are the same for all of them: leave it out",
    ],
    [
      "rest",
      "expect: [{ column: a, references: { file: ../b.csv, column: c } }]",
      '7:47 models.churn.expect[0].references.file: "../b.csv" cannot be read: it holds "..": paths stay inside the folder that the command runs in',
    ],
    [
      "rest",
      "inputs: { data: [d.csv], code: [train.py] }\n    expect: [{ column: a, references: { file: b.csv, column: c } }]",
      '8:47 models.churn.expect[0].references.file: "b.csv" is not among the inputs: add it (or its pointer, where git holds one) to inputs.data or inputs.params',
    ],
    [
      "rest",
      "expect: [{ column: a, freshnes: 2d }]",
      '7:27 models.churn.expect[0].freshnes: "freshnes" is not a key here: did you mean "freshness"?',
    ],
    [
      "rest",
      "expect: [{ unique: true }]",
      '7:14 models.churn.expect[0]: "column" is missing: add the name of the column that is checked',
    ],
    [
      "rest",
      "expect: [{ column: age, unique: false }]",
      "7:37 models.churn.expect[0].unique: must be true, or without column a list of columns, such as [store, day], it is false",
    ],
    [
      "rest",
      "was: churn",
      '7:10 models.churn.was: "churn" is still a model here: a model takes the place of one that is gone',
    ],
    [
      "rest",
      "promote: { pin: 1.3.0 }",
      '7:21 models.churn.promote.pin: must be a version, such as "v1.3.0", it is "1.3.0"',
    ],
    [
      "rest",
      "promote: { pin: 1.3 }",
      '7:21 models.churn.promote.pin: must be a version, such as "v1.3.0", it is 1.3: write it in quotes',
    ],
    [
      "rest",
      "monitor: { retrain: { run: x } }",
      '7:5 models.churn.monitor.current: "current" is missing: add a map such as { run: python fetch.py, output: current/*.parquet }',
    ],
    [
      "rest",
      "monitor: { current: { run: x, output: y }, drift: { p: 5 } }",
      "7:60 models.churn.monitor.drift.p: 5 is no probability that decides: write a number between 0 and 1, such as 0.01",
    ],
    [
      "rest",
      "monitor: { current: { run: x, output: y }, drift: { columns: { age: { threshold: 2 } } } }",
      "7:86 models.churn.monitor.drift.columns.age.threshold: 2 is no distance: write a number above 0, up to 1, such as 0.2",
    ],
    [
      "rest",
      "monitor: { current: { run: x, output: y }, columns: [age], drift: { columns: { income: { critical: true } } } }",
      '7:84 models.churn.monitor.drift.columns.income: "income" is not watched: add it to "monitor: columns"',
    ],
    [
      "rest",
      "monitor: { current: { run: x, output: y }, drift: { presets: evidently } }",
      '7:57 models.churn.monitor.drift.presets: "presets" is not a key here: did you mean "preset"?',
    ],
    [
      "rest",
      "inputs: {}",
      "7:13 models.churn.inputs: it names no files: add data, code or params, or leave inputs out to have every file",
    ],
    [
      "rest",
      "inputs: { key: id }",
      "7:13 models.churn.inputs: it names no files: add data, code or params, or leave inputs out to have every file",
    ],
    [
      "rest",
      "inputs: { key: [id], code: a.py }",
      "7:20 models.churn.inputs.key: it names the rows of no data: add data, such as [data/*.csv], or leave key out",
    ],
    [
      "rest",
      "inputs: { data: 'a/{b,c}' }",
      '7:21 models.churn.inputs.data: "a/{b,c}" is no pattern of paths: it holds braces, which are not known here: write one pattern for each case',
    ],
    [
      "rest",
      "owner: me",
      '7:5 models.churn.owner: "owner" is not a key here: known here are was, inputs, setup, fetch, train, predict, evaluate, gates, expect, promote, monitor, tune',
    ],
  ])("says of %s: %s", ([part, written, problem]) => {
    const found = listProblems(withModel(part, written));
    // Retraining without data inputs is a mistake of its own
    expect(found.filter((line) => !line.includes("retraining changes"))).toEqual([problem]);
  });
});
