import { describe, expect, it } from "vitest";
import { touches } from "#core/plan/changes.ts";
import {
  changesOf,
  churn,
  configText,
  modelFiles,
  modelText,
  repository,
  snapshot,
  type Files,
} from "./plan-fixture.ts";

const config = ".github/trainyard.yml";
const withConfig = (...models: readonly string[]): Files => ({ ...repository, [config]: configText(...models) });

describe("findChanges()", () => {
  it.for<readonly [what: string, after: Files, kind: string]>([
    ["nothing", repository, "not_affected"],
    ["a README", { ...repository, "README.md": "Bye" }, "not_affected"],
    ["a file that no model names", { ...repository, "src/app.ts": "new" }, "not_affected"],
    ["a workflow", { ...repository, ".github/workflows/ci.yml": "on: push" }, "not_affected"],
    ["a comment in the config", { ...repository, [config]: `# why\n${repository[config]}` }, "not_affected"],
    ["data", { ...repository, "churn/train.csv": "1\n2" }, "candidate"],
    ["code that is added", { ...repository, "churn/more.py": "more" }, "candidate"],
    ["a parameter", { ...repository, "churn/params.yaml": "depth: 8" }, "candidate"],
    ["the command that trains", withConfig(modelText("churn").replace("train.py,", "other.py,")), "candidate"],
    ["the command that predicts", withConfig(modelText("churn").replace("predict.py", "other.py")), "candidate"],
    ["what is set up before", withConfig(modelText("churn", "setup: { run: make }")), "candidate"],
    ["a gate", withConfig(modelText("churn", "", "[{ metric: auc, at-least: 0.7 }]")), "settings"],
    [
      "the order of the gates",
      withConfig(
        modelText(
          "churn",
          "",
          "[{ metric: auc, versus: production, may-worsen: 0.01 }, { metric: auc, at-least: 0.6 }]",
        ),
      ),
      "not_affected",
    ],
    ["a metric", withConfig(modelText("churn").replace("auc: {} }", "auc: {}, log_loss: {} }")), "settings"],
    ["the rows of the holdout", { ...repository, "churn/holdout.csv": "3" }, "settings"],
    ["how it is promoted", withConfig(modelText("churn", "promote: { stages: [production, europe] }")), "settings"],
    ["who trains", withConfig(modelText("churn").replace(", secrets: [HF_TOKEN]", "")), "not_affected"],
    [
      "what is expected of the data",
      withConfig(modelText("churn", "expect: [{ column: id, unique: true }]")),
      "not_affected",
    ],
  ])("%s: %s", ([, after, kind]) => {
    const changes = changesOf(after);
    expect(changes.map((change) => change.kind)).toEqual([kind]);
  });

  it("a base without a config judges nothing: every model is new", () => {
    expect(changesOf(repository, null)).toMatchObject([{ kind: "candidate", isNew: true, proposed: undefined }]);
  });

  it("names every model of both sides once, each for itself", () => {
    const before = {
      ...repository,
      [config]: configText(modelText("churn"), modelText("fraud")),
      ...modelFiles("fraud"),
    };
    const after = {
      ...before,
      [config]: configText(modelText("churn"), modelText("stock")),
      ...modelFiles("stock"),
      "churn/train.csv": "more",
    };
    expect(changesOf(after, before).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "churn candidate",
      "stock candidate",
      "fraud retired",
    ]);
  });

  it("judges a candidate by the base branch's definitions on the merged tree's files, and shows its own beside", () => {
    const text = modelText("churn", "", "[{ metric: auc, at-least: 0.1 }]").replace("auc: {} }", "accuracy: {} }");
    const after = { ...withConfig(text), "churn/train.csv": "more", "churn/holdout.csv": "3" };
    const [change] = changesOf(after);
    expect(change).toMatchObject({
      kind: "candidate",
      judge: { gates: [{ bar: 0.6 }, { mayWorsen: 0.01 }] },
      exam: { definitions: { metrics: [{ name: "auc" }] } },
      proposed: { definitions: { metrics: [{ name: "accuracy" }, { name: "auc" }] } },
      changedHoldout: ["churn/holdout.csv"],
    });
    expect(change).toHaveProperty("exam.holdout.0.blob", snapshot(after).tree.get("churn/holdout.csv")?.blob);
  });

  it("takes another baseline for another evaluation: its command, and its code", () => {
    const text = modelText("churn").replace(
      "metrics:",
      "baseline: { run: python popular.py, code: [popular.py] }, metrics:",
    );
    const before = { ...withConfig(text), "popular.py": "most" };
    expect(changesOf({ ...before, "popular.py": "least" }, before)).toMatchObject([{ kind: "settings" }]);
    const other = { ...before, [config]: configText(text.replace("python popular.py", "python popular.py -v")) };
    expect(changesOf(other, before)).toMatchObject([{ kind: "settings" }]);
  });

  it("lets a new model spend nothing that nobody allowed", () => {
    const greedy = modelText("fraud").replace("secrets: [HF_TOKEN]", "secrets: [HF_TOKEN], runs-on: gpu, timeout: 24h");
    const after = { ...repository, [config]: configText(modelText("churn"), greedy), ...modelFiles("fraud") };
    const judge = changesOf(after).flatMap((change) =>
      "judge" in change && change.name !== churn ? [change.judge] : [],
    );
    expect(judge).toMatchObject([{ train: { secrets: [], runsOn: "ubuntu-latest", timeoutMs: 6 * 3_600_000 } }]);
  });
});

describe("touches()", () => {
  const [declared] = snapshot(repository).config.models.values();
  const text = modelText("churn").replace(/ {4}inputs:.*\n/, "");
  const [undeclared] = snapshot({ [config]: configText(text) }).config.models.values();

  it.for<readonly [path: string, declares: boolean, declaresNot: boolean]>([
    ["churn/train.csv", true, true],
    ["churn/holdout.csv", true, true],
    ["churn/deep/more.py", false, true],
    ["README.md", false, false],
    [".github/workflows/ci.yml", false, false],
    ["src/app.ts", false, true],
  ])("%s: a model that declares its inputs %s, one that does not %s", ([path, declares, declaresNot]) => {
    expect(declared === undefined ? undefined : touches(declared, [path])).toBe(declares);
    expect(undeclared === undefined ? undefined : touches(undeclared, [path])).toBe(declaresNot);
  });
});
