import { parseConfig } from "#core/config/parse.ts";

/** The problems of a config, one line each; none where it is right. */
export function listProblems(text: string): readonly string[] {
  const parsed = parseConfig(text);
  if (parsed.kind === "config") return [];
  return parsed.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}

/** A config that is right, with one part replaced. */
export function withModel(part: string, replaced: string): string {
  const right: Record<string, string> = {
    train: "train: { run: python train.py, model: model.onnx }",
    predict: "predict: { run: python predict.py }",
    evaluate: "evaluate: { holdout: holdout.csv, task: binary, label: churned, score: p }",
    rest: "gates: [{ metric: auc, at-least: 0.75 }]",
  };
  right[part] = replaced;
  const lines = Object.values(right).map((line) => `    ${line}`);
  return `version: 1\nmodels:\n  churn:\n${lines.join("\n")}\n`;
}
