import { describe, expect, it } from "vitest";
import { parseConfig } from "#core/config/parse.ts";
import { planInit } from "#core/init/plan-init.ts";
import { cloneOf, repositories } from "./repositories.ts";

const planOf = (name: string) => planInit(cloneOf(repositories[name]?.files ?? {}));
const valueOf = (name: string, key: string) => planOf(name).guesses.find((guess) => guess.key === key)?.value;
const warningsOf = (name: string) =>
  planOf(name).warnings.map(({ message, at }) => `${at === undefined ? "" : `${at.path}:${at.line} `}${message}`);

describe("planInit()", () => {
  it.for(Object.entries(repositories))("%s: the parser misses exactly what is announced", ([, { files, open }]) => {
    const plan = planInit(cloneOf(files));
    const parsed = parseConfig(plan.config);
    const missed = parsed.kind === "problems" ? parsed.problems.map(({ path }) => path) : [];
    expect(missed.toSorted()).toEqual(plan.open.map(({ path }) => path).toSorted());
    expect(plan.open.map(({ path }) => path)).toEqual(open.map((path) => `models.churn.${path}`));
    expect(plan.config.split("\n").filter((line) => line.includes("fill in:")).length).toBeGreaterThanOrEqual(
      open.length,
    );
  });

  it("writes the smallest config where everything is plain", () => {
    expect(planOf("scikit-learn with pip").config).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=https://raw.githubusercontent.com/trainyard/trainyard/main/schema/trainyard.schema.json
      # What can be said here: https://github.com/trainyard/trainyard/blob/main/docs/configuration.md
      version: 1
      models:
        churn:
          setup: { run: pip install -r requirements.txt }
          train: { run: python train.py, model: model.onnx }
          predict: { run: python predict.py } # MODEL, ROWS and PREDICTIONS are in the environment
          evaluate: { holdout: holdout.csv, task: binary, label: churned, score: p }
          gates:
            # - { metric: auc, at-least: 0.75 } # say what a first model must reach
            - { metric: auc, versus: production, may-worsen: 0.005 }
      "
    `);
  });

  it("says of every guess where it was seen", () => {
    const files = repositories["scikit-learn with pip"]?.files ?? {};
    for (const { at, key } of planInit(cloneOf(files)).guesses.filter((guess) => guess.key !== "model"))
      expect((files[at?.path ?? ""] ?? "").split("\n")[(at?.line ?? 0) - 1], key).toBeDefined();
    expect(planInit(cloneOf(files)).guesses.find(({ key }) => key === "train.model")?.at).toEqual({
      path: "train.py",
      line: 2,
    });
  });

  it("runs Python by what was installed", () => {
    expect(valueOf("a package with uv, and a version from tags", "train.run")).toBe(
      "uv run --no-sync python src/churn/train.py",
    );
    expect(valueOf("an MLproject", "train.run")).toBe(
      "conda run --no-capture-output --prefix ./.conda python train.py 0.5 'a b'",
    );
    expect(valueOf("JavaScript", "setup.run")).toBe("npm ci");
    expect(valueOf("R with make", "train.run")).toBe("make train");
  });

  it("takes a pipeline of DVC with the stages before the one that trains", () => {
    expect(planOf("a pipeline of DVC").config).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=https://raw.githubusercontent.com/trainyard/trainyard/main/schema/trainyard.schema.json
      # What can be said here: https://github.com/trainyard/trainyard/blob/main/docs/configuration.md
      version: 1
      models:
        churn:
          inputs:
            data: ["data/raw/**", data/prices.csv.dvc]
            code: [dvc.yaml, src/prepare.py, src/train.py, requirements.txt, src/predict.py]
            params: [params.yaml, other.yaml]
          setup: { run: pip install -r requirements.txt }
          train: { run: dvc repro train, model: models/model.onnx }
          predict: { run: python src/predict.py } # MODEL, ROWS and PREDICTIONS are in the environment
          evaluate: { holdout: holdout.csv, task: binary, label: churned, score: p }
          gates:
            # - { metric: auc, at-least: 0.75 } # say what a first model must reach
            - { metric: auc, versus: production, may-worsen: 0.005 }
      "
    `);
  });

  it("takes the id and the score that predicting names", () => {
    const name = "a package with uv, and a version from tags";
    expect([valueOf(name, "evaluate.id"), valueOf(name, "evaluate.score")]).toEqual(["customer_id", "score"]);
    expect(valueOf("scikit-learn with pip", "evaluate.id")).toBeUndefined();
    expect(valueOf("JavaScript", "evaluate.score")).toBe("probability");
  });

  it("warns with the line and what mends it", () => {
    expect(warningsOf("a package with uv, and a version from tags")).toMatchInlineSnapshot(`
      [
        "pyproject.toml:3 building the package needs the README named here, and documentation is no input by default: list it under inputs: code, with the rest of your code, or take this line out",
        "pyproject.toml:5 hatch-vcs takes the version from tags, and tags like "churn@v1.4.0" and "churn#production#7" may be the newest: set raw-options.git_describe_command = "git describe --dirty --tags --long --match 'v[0-9]*'" under [tool.hatch.version]",
      ]
    `);
    expect(warningsOf("a pipeline of DVC")).toMatchInlineSnapshot(`
      [
        "dvc.yaml:12 the stage "plots" has a matrix, a foreach or a template, which is not read",
        "dvc.yaml:6 "data/gone.csv" is needed by "prepare", "train" and not in git: the training command has to fetch it",
        "dvc.yaml:6 the metrics in "metrics.json" are what the stage "train" says of itself; Trainyard computes its own from the predictions, and does not read them",
        "data/prices.csv.dvc:1 is a pointer of DVC: training sees its data where the default remote of .dvc/config is a bucket of S3, whose AWS_… keys the workflow's secret holds; for another remote add fetch: { run: dvc pull } to the model, and keep the holdout in git",
      ]
    `);
    expect(warningsOf("R with make")).toMatchInlineSnapshot(`
      [
        "predict.R:1 does not name ROWS, PREDICTIONS: predicting has to read the model from the path in MODEL and the rows from the one in ROWS, and write a CSV with the id and the column "p" to the one in PREDICTIONS (all three are in its environment)",
      ]
    `);
    expect(warningsOf("files that cannot be read")).toMatchInlineSnapshot(`
      [
        "dvc.yaml:2 was not read: "&a" sets an anchor: anchors and aliases are not read, write the value out",
        "MLproject:1 was not read: this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
        "package.json:1 was not read: it is no JSON with a map of scripts",
      ]
    `);
  });

  it.for([
    ["setup.cfg", "setuptools_scm\n", "setuptools_scm"],
    ["setup.py", "import versioneer\n", "versioneer"],
    ["pyproject.toml", "[tool.poetry-dynamic-versioning]\n", "poetry-dynamic-versioning"],
    ["pyproject.toml", "[tool.semantic_release]\n", "python-semantic-release"],
    ["package.json", `{ "devDependencies": { "semantic-release": "1" } }`, "semantic-release"],
    [".goreleaser.yaml", "version: 2\n", "GoReleaser"],
    [".github/workflows/gpu.yml", "jobs:\n  a:\n    runs-on: [self-hosted, gpu]\n", "self-hosted"],
    ["data/a.csv.dvc", "outs: []\n", "pointer of DVC"],
    [".gitattributes", "*.bin filter=lfs\n", "Git LFS"],
  ] as const)("warns of %s with %j", ([path, text, said]) => {
    const { warnings } = planInit(cloneOf({ [path]: text }));
    expect(warnings.filter(({ message, at }) => message.includes(said) && at?.path === path)).toHaveLength(1);
  });

  it("makes a model's name of any repository's", () => {
    for (const [name, model] of [
      ["my repo (2)", "my-repo-2"],
      ["..", "model"],
      ["x".repeat(300), "x".repeat(100)],
      [`${"x".repeat(99)}-y`, "x".repeat(99)],
    ] as const)
      expect(planInit(cloneOf({}, name)).model).toBe(model);
  });

  it("counts the scripts that the stages of DVC start among the code, wherever they start them", () => {
    const stages = `stages:
  prepare: { cmd: [python -m src.prepare, sh tools/check.sh], deps: [data], outs: [prepared] }
  train: { wdir: src, cmd: python train.py ../prepared, deps: [../prepared], outs: [../model.onnx] }
  predict: { wdir: src, cmd: python predict.py }
`;
    const paths = ["src/prepare.py", "tools/check.sh", "src/train.py", "src/predict.py", "train.py", "data/a.csv"];
    const clone = cloneOf({ "dvc.yaml": stages, ...Object.fromEntries(paths.map((path) => [path, ""])) });
    expect(planInit(clone).config).toContain(
      '      data: ["data/**"]\n      code: [tools/check.sh, src/prepare.py, src/train.py, src/predict.py]\n',
    );
  });

  it("reads a pipeline of many deps and stages in a repository of many files in a moment", () => {
    const deps = Array.from({ length: 3_000 }, (_, index) => `      - f${index}\n`);
    const stages = Array.from({ length: 400 }, (_, index) => `  s${index}: { cmd: x, deps: [a], outs: [a] }\n`);
    const text = `stages:\n${stages.join("")}  train:\n    cmd: x\n    deps:\n      - a\n${deps.join("")}`;
    const clone = cloneOf({ "dvc.yaml": text });
    const paths = [...clone.paths, ...Array.from({ length: 100_000 }, (_, index) => `f${index % 1_000}/${index}.csv`)];
    const started = performance.now();
    const { guesses, warnings } = planInit({ ...clone, paths });
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(guesses.find(({ key }) => key === "inputs.data")?.value.split(", ")).toHaveLength(1_000);
    expect(warnings.filter(({ message }) => message.includes("not in git"))).toHaveLength(2_000);
  });

  it("reads hostile files of full size in a moment", () => {
    const size = 64 * 1024;
    const files = {
      "dvc.yaml": `stages:\n  train:\n    cmd: "python${" ".repeat(size - 100)}x"\n`,
      "train.py": `save("${"a".repeat(size)}`,
      "predict.py": 'MODEL ROWS PREDICTIONS "'.repeat(2_000),
      "holdout.csv": `${'"'.repeat(size)}`,
      "test.csv": ",".repeat(size),
      "package.json": "[".repeat(size),
      "pyproject.toml": "setuptools".repeat(6_000),
    };
    const started = performance.now();
    planInit(cloneOf(files));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
