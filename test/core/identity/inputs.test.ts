import { describe, expect, it } from "vitest";
import type { EvaluateConfig } from "#core/config/config.ts";
import { digestArtifact } from "#core/identity/artifact.ts";
import { compareBytes } from "#core/identity/byte-order.ts";
import { computeEvaluation } from "#core/identity/evaluation.ts";
import { findIrregular, resolveExamFiles, resolveInputs } from "#core/identity/inputs.ts";
import { computeRecipe } from "#core/identity/recipe.ts";
import type { Tree } from "#core/identity/tree.ts";
import { parseModelName, parseVersion } from "#core/names.ts";
import { treeOf } from "../tree-of.ts";
import { modelOf } from "./model-of.ts";

const files = {
  "train.py": "train",
  "predict.py": "predict",
  "params.yaml": "depth: 6",
  "data/a.csv": "a",
  "data/holdout.csv": "h",
  "README.md": "read me",
};
const inputs = { data: ["data/*.csv"], code: ["*.py"], params: ["params.yaml"] };
const model = modelOf({ inputs, evaluate: { holdout: { kind: "globs", globs: ["data/holdout.csv"] } } });

function recipeOf(tree: Tree, changed = model): string {
  return computeRecipe(changed, resolveInputs(changed, tree).training);
}

describe("computeRecipe() of resolved inputs", () => {
  const before = recipeOf(treeOf(files));

  it.for<[what: string, change: Parameters<typeof treeOf>[0], same: boolean]>([
    ["a file that is no input", { "README.md": "changed", "notes.txt": "new" }, true],
    ["the holdout", { "data/holdout.csv": "changed" }, true],
    ["data", { "data/a.csv": "changed" }, false],
    ["new data", { "data/b.csv": "b" }, false],
    ["code", { "train.py": "changed" }, false],
    ["parameters", { "params.yaml": "depth: 8" }, false],
    ["a mode", { "train.py": { mode: "100755", content: "train" } }, false],
    ["a link to the same text", { "train.py": { mode: "120000", content: "train" } }, false],
  ])("given a change of %s: the same? $2", ([, change, same]) => {
    expect(recipeOf(treeOf({ ...files, ...change })) === before).toBe(same);
  });

  it.for<[what: string, change: Parameters<typeof modelOf>[0], same: boolean]>([
    ["the model's name", { name: parseModelName("other") }, true],
    ["runner and timeout", { train: { ...model.train, runsOn: "gpu", timeoutMs: 1 } }, true],
    ["secrets", { train: { ...model.train, secrets: ["TOKEN"] } }, true],
    ["gates", { gates: [] }, true],
    ["the pin", { promote: { ...model.promote, pin: parseVersion("v1.0.0") } }, true],
    ["metrics", { evaluate: { ...model.evaluate, metrics: [] } }, true],
    ["the train command", { train: { ...model.train, run: "python train.py --fast" } }, false],
    ["the declared output", { train: { ...model.train, model: "other.onnx" } }, false],
    ["the predict command", { predict: { ...model.predict, run: "python predict.py --fast" } }, false],
    ["set-up", { setup: { run: "uv sync", container: undefined } }, false],
    ["patterns that name the same files", { inputs: { ...inputs, code: ["train.py", "predict.py"] } }, true],
    [
      "the holdout's definition, so that it is trained on",
      { evaluate: { ...model.evaluate, holdout: { kind: "globs", globs: ["x"] } } },
      false,
    ],
  ])("given a change of %s: the same? $2", ([, change, same]) => {
    const changed = modelOf({ ...model, ...change });
    expect(recipeOf(treeOf(files), changed) === before).toBe(same);
  });

  it("does not depend on the order in which a tree lists its files", () => {
    const reversed = new Map([...treeOf(files)].toReversed());
    expect(recipeOf(reversed)).toBe(before);
  });
});

describe("resolveInputs()", () => {
  const list = (found: readonly { path: string }[]): readonly string[] => found.map(({ path }) => path);

  it("shows predicting code and parameters, and no data", () => {
    const { training, predicting } = resolveInputs(model, treeOf(files));
    expect(list(training)).toEqual(["data/a.csv", "params.yaml", "predict.py", "train.py"]);
    expect(list(predicting)).toEqual(["params.yaml", "predict.py", "train.py"]);
  });

  it("keeps a rolling holdout from training, also where code names it", () => {
    const weeks = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`w/week-${index + 1}.csv`, `${index}`]));
    const holdout = { kind: "last", count: 4, of: "w/*.csv" } as const;
    const rolling = modelOf({ inputs: { data: [], code: ["w/**"], params: [] }, evaluate: { holdout } });
    const found = resolveInputs(rolling, treeOf(weeks));
    expect(list(found.holdout)).toEqual(["w/week-10.csv", "w/week-11.csv", "w/week-12.csv", "w/week-9.csv"]);
    expect(list(found.training)).toHaveLength(8);
    expect(list(found.training).filter((path) => list(found.holdout).includes(path))).toEqual([]);
    expect(list(found.predicting)).toEqual(list(found.training));
  });

  it("names the first file that is not plain", () => {
    const tree = treeOf({ a: "a", b: { mode: "100755", content: "b" }, c: { mode: "120000", content: "a" } });
    expect(findIrregular([...tree.values()])?.path).toBe("c");
    expect(findIrregular([...treeOf({ a: "a" }).values()])).toBeUndefined();
  });

  it("plans 50 models over 20,000 files in time", () => {
    const many = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [
        `${index % 3 === 0 ? "shared" : "models"}/m${index % 50}/part-${index}.csv`,
        `${index}`,
      ]),
    );
    const tree = treeOf(many);
    const models = Array.from({ length: 50 }, (_, index) =>
      modelOf({
        inputs: {
          data: [`models/m${index}/**`, "**/*.dvc"],
          code: [`src/m${index}/**`, "*.py"],
          params: ["params.yaml"],
        },
        evaluate: { holdout: { kind: "last", count: 4, of: `models/m${index}/*` } },
      }),
    );
    const start = performance.now();
    const recipes = new Set(models.map((one) => recipeOf(tree, one)));
    expect(recipes.size).toBe(50);
    // 0.25 s on an idle machine; the bound leaves room for a busy one
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe("computeEvaluation()", () => {
  const tree = treeOf(files);
  const compute = (change: Partial<EvaluateConfig>, of = tree): string => {
    const definitions = { ...model.evaluate, ...change };
    return computeEvaluation(definitions, resolveExamFiles(definitions, of));
  };

  it.for<[what: string, change: Partial<EvaluateConfig>, same: boolean]>([
    ["the metrics' order", { metrics: model.evaluate.metrics.toReversed() }, true],
    ["patterns that name the same files", { holdout: { kind: "last", count: 1, of: "data/h*" } }, true],
    ["the baseline", { baseline: { run: "x", code: ["*.py"] } }, true],
    ["a metric less", { metrics: model.evaluate.metrics.slice(1) }, false],
    ["the holdout", { holdout: { kind: "globs", globs: ["data/a.csv"] } }, false],
    ["lookup files", { lookup: { kind: "globs", globs: ["params.yaml"] } }, false],
    ["ignored files", { ignore: { kind: "globs", globs: ["params.yaml"] } }, false],
    ["slices", { slices: ["country"] }, false],
    ["the label", { label: "left" }, false],
    ["the id", { id: "customer" }, false],
  ])("given a change of %s: the same? $2", ([, change, same]) => {
    expect(compute(change) === compute({})).toBe(same);
  });

  it("changes with the holdout's content, and not with training data", () => {
    expect(compute({}, treeOf({ ...files, "data/holdout.csv": "changed" }))).not.toBe(compute({}));
    expect(compute({}, treeOf({ ...files, "data/a.csv": "changed" }))).toBe(compute({}));
  });
});

describe("digestArtifact()", () => {
  const file = (path: string): { path: string; sha256: string; size: number } => ({
    path,
    sha256: "a".repeat(64),
    size: 1,
  });

  it.for<[what: string, given: Parameters<typeof digestArtifact>[0], message: string]>([
    ["no files", [], "Cannot digest an artifact of no files"],
    ["a path twice", [file("a"), file("b"), file("a")], 'Cannot digest an artifact: "a" is in it twice'],
    ["what is no digest", [{ ...file("a"), sha256: "abc" }], 'Cannot read "abc" as a SHA-256'],
  ])("refuses %s", ([, given, message]) => {
    expect(() => digestArtifact(given)).toThrow(message);
  });
});

describe("compareBytes()", () => {
  it("sorts as UTF-8 does", () => {
    const texts = [
      "",
      "\u0000",
      "a",
      "ab",
      "b",
      "\u007f",
      "é",
      "\ud7ff",
      "\ue000",
      "\uffff",
      "\u{10000}",
      "\u{10ffff}",
      "😀",
      "a😀",
      "a\uffff",
      "😀a",
    ];
    const bytes = texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(texts.toSorted(compareBytes)).toEqual(bytes);
  });
});
