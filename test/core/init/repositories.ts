import { chooseTexts, type CloneView } from "#core/init/clone-view.ts";

/** A clone that holds these files. */
export function cloneOf(files: Readonly<Record<string, string>>, name = "churn"): CloneView {
  const paths = Object.keys(files).toSorted();
  return { name, paths, texts: new Map(chooseTexts(paths).map((path) => [path, files[path] ?? ""])) };
}

export const holdoutCsv = "customer_id,age,is_vip,churned\nc1,34,0,0\nc2,51,0,1\nc3,28,1,0\nc4,";
const train = `import joblib\nmodel.fit(X, y)\njoblib.dump(model, "model.pkl")\n`;
const trainOnnx = `from skl2onnx import to_onnx\nwith open("model.onnx", "wb") as file:\n    file.write(onnx.SerializeToString())\n`;
const predict = `import os\nrows = pd.read_csv(os.environ["ROWS"])\nmodel = load(os.environ["MODEL"])\npd.DataFrame({"row": rows["row"], "p": answers}).to_csv(os.environ["PREDICTIONS"], index=False)\n`;
const predictById = predict.replace(`"row": rows["row"], "p"`, `"customer_id": rows["customer_id"], "score"`);

/** Repositories of all kinds; `open` is what init has to leave open in each, by the end of its path. */
export const repositories: Readonly<Record<string, { files: Record<string, string>; open: readonly string[] }>> = {
  "scikit-learn with pip": {
    files: {
      "requirements.txt": "scikit-learn==1.9.0\n",
      "train.py": trainOnnx,
      "predict.py": predict,
      "holdout.csv": holdoutCsv,
      "data/train.csv": holdoutCsv,
    },
    open: [],
  },
  "a package with uv, and a version from tags": {
    files: {
      "pyproject.toml": `[project]\nname = "churn"\nreadme = "README.md"\n[build-system]\nrequires = ["hatchling", "hatch-vcs"]\n`,
      "uv.lock": "version = 1\n",
      "src/churn/train.py": train,
      "src/churn/predict.py": predictById,
      "data/holdout.csv": holdoutCsv,
    },
    open: [],
  },
  "conda, and several scripts that train": {
    files: {
      "environment.yml": "name: churn\ndependencies: [python]\n",
      "train_a.py": train,
      "train_b.py": train,
      "test.csv": holdoutCsv,
    },
    open: ["train", "predict"],
  },
  "a pipeline of DVC": {
    files: {
      "dvc.yaml": `stages:
  prepare:
    cmd: python src/prepare.py
    deps: [src/prepare.py, data/raw]
    outs: [data/prepared]
  train:
    cmd: python src/train.py data/prepared
    deps: [src/train.py, data/prepared, data/prices.csv, data/gone.csv]
    params: [train.depth, { other.yaml: [seed] }]
    outs: [models/model.onnx, out/report.csv]
    metrics: [{ metrics.json: { cache: false } }]
  plots:
    foreach: [a, b]
    do: { cmd: "python plot.py \${item}" }
`,
      "requirements.txt": "dvc\n",
      "src/prepare.py": "",
      "src/train.py": train,
      "src/predict.py": predict,
      "data/raw/a.csv": "a,b\n1,2\n",
      "data/prices.csv.dvc": "outs: []\n",
      "holdout.csv": holdoutCsv,
      "params.yaml": "train: { depth: 3 }\n",
      "other.yaml": "seed: 1\n",
    },
    open: [],
  },
  "an MLproject": {
    files: {
      MLproject: `name: wine
entry_points:
  main:
    parameters: { alpha: { type: float, default: 0.5 }, name: { default: "a b" } }
    command: "python train.py {alpha} {name}"
  predict:
    parameters: { threshold: float }
    command: "python predict.py {threshold}"
`,
      "conda.yaml": "dependencies: [python]\n",
      "train.py": `mlflow.sklearn.save_model(model, "model")\njoblib.dump(a, "a.pkl")\njoblib.dump(b, "b.pkl")\n`,
      "score.parquet": "PAR1",
    },
    open: ["train.model", "predict", "evaluate.holdout", "evaluate.task", "evaluate.label"],
  },
  "a checkpoint in a folder, and requirements below": {
    files: {
      "src/train.py": "torch.save(checkpoint, os.path.join(out_dir, 'ckpt.pt'))\n",
      "src/requirements.txt": "torch\n",
    },
    open: ["train.model", "predict", "evaluate.holdout", "evaluate.task", "evaluate.label"],
  },
  "stages with several outs, none of them plainly the model": {
    files: {
      "dvc.yaml": "stages:\n  train:\n    cmd: Rscript train.R\n    outs: [out/fit.zip, out/recipe.rds]\n",
      "train.R": "saveRDS(recipe, 'out/recipe.rds')\n",
      "holdout.csv": holdoutCsv,
    },
    open: ["train.model", "predict"],
  },
  "modules that are called like scripts": {
    files: { "steps/train_model.py": train, "steps/inference.py": predict, "holdout.csv": holdoutCsv },
    open: ["train", "predict"],
  },
  "scripts with longer names": {
    files: {
      "train_model.py": `if __name__ == "__main__":\n    dump(model, "model.pkl")\n`,
      "predict_all.py": `${predict}if __name__ == "__main__": main()\n`,
      "holdout.csv": holdoutCsv,
    },
    open: [],
  },
  JavaScript: {
    files: {
      "package.json": `{ "scripts": { "train": "node src/train.js", "predict": "node src/predict.js" }, "dependencies": { "x": "1" } }`,
      "package-lock.json": "{}",
      "src/train.js": `import { writeFileSync } from "node:fs";\nwriteFileSync("out/model.onnx", bytes);\n`,
      "src/predict.js": "const { MODEL, ROWS, PREDICTIONS } = process.env; write(PREDICTIONS, `row,probability\\n`);",
      "valid.csv": "id,target\n1,0\n2,1\n3,",
    },
    open: [],
  },
  "R with make": {
    files: {
      Makefile: "train: data\n\tRscript train.R\npredict:\n\tRscript predict.R\n",
      "renv.lock": "{}",
      "train.R": `saveRDS(model, "model.rds")\n`,
      "predict.R": `Sys.getenv("MODEL")\n`,
      "holdout.csv": "y,outcome\n0,1\n1,0\n0,0\n",
    },
    open: ["evaluate.task", "evaluate.label"],
  },
  "nothing at all": {
    files: { "README.md": "# Hello\n" },
    open: ["train", "predict", "evaluate.holdout", "evaluate.task", "evaluate.label"],
  },
  "only data": {
    files: { "data/customers.csv": holdoutCsv.replace("churned", "left the shop") },
    open: ["train", "predict", "evaluate.holdout", "evaluate.task", "evaluate.label"],
  },
  "files that cannot be read": {
    files: {
      "dvc.yaml": "stages: &a\n  train: *a\n",
      MLproject: "[[[[",
      "package.json": "{ nonsense",
      "pyproject.toml": "[[[ = ]",
      "holdout.csv": `"a,b\n\n,,,`,
      "train.py": "\u0000\u0001 dump(m, '../../etc/model.pkl')",
      "predict.py": "PREDICTIONS ROWS MODEL",
    },
    open: ["train.model", "evaluate.task", "evaluate.label", "evaluate.score"],
  },
  "names that want to be YAML": {
    files: {
      MLproject: `entry_points: { main: { command: "python 'a: b' # {no, [\\"x\\"]: *y" } }\n`,
      "train.py": `save("model.onnx")`,
      "holdout.csv": "x: y,label\n1,0\n2,1\n3,0\n",
      "predict.py": predict,
    },
    open: ["train.model"],
  },
};
