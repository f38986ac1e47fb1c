import { describe, expect, it } from "vitest";
import { listProblems, withModel } from "./list-problems.ts";

describe("parseConfig() with mistakes", () => {
  it("reports ten mistakes in one file, each once, in the order of the file", () => {
    const text = `version: 2
models:
  churn:
    inputs: { data: [../data/*.csv] }
    train: { run: python train.py, modle: model.onnx, when: pushed }
    predict: { runs-on: ubuntu-latest }
    evaluate:
      holdout: holdout.csv
      task: binary
      label: churned
      score: churned
      metrics: { auc: {}, f1: {} }
    gates:
      - { metric: auk, at-least: 0.75 }
      - { metric: auc, versus: baseline, may-worsen: 0.005 }
    promote: { stages: [production, production] }
`;
    expect(listProblems(text)).toMatchInlineSnapshot(`
      [
        "1:10 version: must be 1, it is 2",
        "4:22 models.churn.inputs.data[0]: "../data/*.csv" is no pattern of paths: it holds "..": patterns stay inside the repository",
        "5:36 models.churn.train.modle: "modle" is not a key here: did you mean "model"?",
        "5:61 models.churn.train.when: must be one of "push", "ready", "label", "command", it is "pushed": did you mean "push"?",
        "6:5 models.churn.predict.run: "run" is missing: add a shell command, such as "python predict.py"",
        "11:14 models.churn.evaluate.score: "churned" is the label already: score is another column",
        "12:27 models.churn.evaluate.metrics.f1: "f1" is not built in for binary: built in are auc, log_loss, accuracy, precision, recall; choose one, or define it: { mean: "…", better: lower }",
        "14:19 models.churn.gates[0].metric: "auk" is not a metric of this model: did you mean "auc"?",
        "15:32 models.churn.gates[1].versus: there is no baseline: add evaluate.baseline: { run: …, code: […] }",
        "16:37 models.churn.promote.stages[1]: "production" is there twice: keep one",
      ]
    `);
  });

  it("looks below a misspelt key, and at the meaning of what is right of a broken shape", () => {
    const text = withModel(
      "evaluate",
      "evalute: { holdout: 7, task: binray, label: churned, score: p, metrics: { aucc: {} } }",
    );
    expect(listProblems(text.replace("models:", "model:"))).toMatchInlineSnapshot(`
      [
        "2:1 model: "model" is not a key here: did you mean "models"?",
        "6:5 model.churn.evalute: "evalute" is not a key here: did you mean "evaluate"?",
        "6:25 model.churn.evalute.holdout: must be a path, a list of patterns, or { last: 4, of: data/weeks/* }, it is 7",
        "6:34 model.churn.evalute.task: must be one of "binary", "ranking", it is "binray": did you mean "binary"?",
        "6:79 model.churn.evalute.metrics.aucc: "aucc" is not built in for binary: did you mean "auc"? Choose it, or define it: { mean: "…", better: lower }",
      ]
    `);
  });

  it("reports a misspelt key once, and not its absence", () => {
    expect(listProblems(withModel("predict", "predct: { run: python predict.py }"))).toEqual([
      '5:5 models.churn.predct: "predct" is not a key here: did you mean "predict"?',
    ]);
  });

  it("wants a query's column for a ranking", () => {
    const text = withModel("evaluate", "evaluate: { task: ranking, holdout: h.csv, label: item, score: s }").replace(
      "auc",
      "ndcg",
    );
    expect(listProblems(text)).toEqual([
      '6:5 models.churn.evaluate: "id" is missing: a ranking needs the column that names the query',
    ]);
  });

  it("asks which, where a gate may mean two metrics", () => {
    const text = withModel(
      "evaluate",
      "evaluate: { task: ranking, id: q, holdout: h.csv, label: item, score: s, metrics: { ndcg@5: {}, ndcg: { at: 20 } } }",
    );
    expect(listProblems(text.replace("auc", "ndcg"))).toEqual([
      '7:23 models.churn.gates[0].metric: "ndcg" may be ndcg@5 or ndcg@20: write which',
    ]);
  });

  it("wants at least one model", () => {
    expect(listProblems("version: 1\nmodels: {}\n")).toEqual([
      "2:9 models: there is no model: add one, such as churn: { train: …, predict: …, evaluate: … }",
    ]);
  });

  it("counts what is more than a hundred", () => {
    const gates = "      - {}\n".repeat(300);
    const found = listProblems(withModel("rest", `gates:\n${gates}`));
    expect(found).toHaveLength(100);
    expect(found.at(-1)).toContain("more mistakes: mend these first");
  });
});
