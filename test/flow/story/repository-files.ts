import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { WrittenConfig, WrittenModel } from "#core/config/schema.ts";
import { projectFolder } from "#cli/sandbox/start-sandbox.ts";
import { makeRows } from "./rows.ts";

export const owner = "ada";
export const name = "shop";
export const here = { owner, repo: name };

/** Files of a repository: text by path; null removes. */
export type Files = Readonly<Record<string, string | null>>;

/** Changes to the model that every story starts with, in the words of the config. */
export type ModelOptions = Partial<WrittenModel> & { rolling?: boolean };
export type Models = Readonly<Record<string, ModelOptions>>;

/**
 * What trains: the parameters become the model, with the paths of all that training saw. What predicts: the score is as
 * much `signal` as the skill says, the rest is the noise of one column.
 */
const train = `{ cat params.txt; find .. -type f -not -name model.txt | sort | sed "s/^/saw /"; } > model.txt\n`;
const predict = `exec awk -F, -v OFS=, '
FNR == NR { split($0, word, " "); if (word[1] != "saw") said[word[1]] = word[2]; next }
FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print "customer", "p"; next }
{ print $(at["customer"]), said["skill"] * $(at["signal"]) + (1 - said["skill"]) * $(at[said["noise"]]) }
' "$MODEL" "$ROWS" > "$PREDICTIONS"\n`;

/** A model's parameters. More skill is better; another noise is as good, but answers differently; a remark changes nothing. */
export function params(skill: number, more: { noise?: "a" | "b"; remark?: string } = {}): string {
  return `skill ${skill}\nnoise ${more.noise ?? "a"}\n${more.remark === undefined ? "" : `remark ${more.remark}\n`}`;
}

/** The config of these models, with changes in the words of the config; all files of a model lie in a folder of its name. */
export function config(writer: "app" | "actions", models: Models = { churn: {} }): string {
  const written: WrittenConfig = {
    version: 1,
    writer,
    models: Object.fromEntries(Object.entries(models).map(([name, options]) => [name, configureModel(name, options)])),
  };
  return stringify(written);
}

/** How a model is evaluated, on another holdout perhaps. */
export function evaluate(
  name: string,
  holdout: WrittenModel["evaluate"]["holdout"] = `${name}/holdout.csv`,
): WrittenModel["evaluate"] {
  return { holdout, task: "binary", id: "customer", label: "churned", score: "p", metrics: { auc: {} } };
}

function configureModel(name: string, { rolling = false, ...changes }: ModelOptions): WrittenModel {
  return {
    inputs: {
      data: [rolling ? `${name}/weeks/*.csv` : `${name}/train.csv`],
      code: [`${name}/*.sh`],
      params: [`${name}/params.txt`],
    },
    train: { run: `cd ${name} && sh train.sh`, model: `${name}/model.txt` },
    predict: { run: `sh ${name}/predict.sh` },
    evaluate: evaluate(name, rolling ? { last: 2, of: `${name}/weeks/*.csv` } : `${name}/holdout.csv`),
    gates: [
      { metric: "auc", "at-least": 0.6 },
      { metric: "auc", versus: "production", "may-worsen": 0.01 },
    ],
    ...changes,
  };
}

/** Everything that a model's folder holds: skill 0.5, and 400 rows of holdout (or six weeks of 200). */
export function modelFiles(name: string, rolling = false): Files {
  const weeks = [1, 2, 3, 4, 5, 6].map((week) => [`${name}/weeks/week-${week}.csv`, makeRows(200, week)]);
  const fixed = { [`${name}/train.csv`]: makeRows(200, 1), [`${name}/holdout.csv`]: makeRows(400, 2) };
  return {
    [`${name}/params.txt`]: params(0.5),
    [`${name}/train.sh`]: train,
    [`${name}/predict.sh`]: predict,
    ...(rolling ? Object.fromEntries(weeks) : fixed),
  };
}

/** How the loop runs: `apart`, as the jobs of loop.yml on machines of their own; `one`, as one step of one job. */
export type Shape = "apart" | "one";

/** The workflow that a team copies: the one of the docs, or the one that the README of the single action shows. */
export function workflow(shape: Shape): string {
  const read = (...path: readonly string[]): string => readFileSync(join(projectFolder, ...path), "utf8");
  if (shape === "apart") return read("docs", "workflow.yml");
  const shown = /```yaml\n([\s\S]*?)```/.exec(read("actions", "loop", "README.md"))?.[1];
  if (shown === undefined) throw new Error("actions/loop/README.md shows no workflow");
  return shown;
}

/** A repository with these models, Trainyard's workflow and a README. */
export function repositoryFiles(writer: "app" | "actions", models: Models, shape: Shape = "apart"): Files {
  return {
    "README.md": "# A shop\n",
    ".github/workflows/trainyard.yml": workflow(shape),
    ".github/trainyard.yml": config(writer, models),
    ...Object.assign({}, ...Object.entries(models).map(([name, { rolling }]) => modelFiles(name, rolling ?? false))),
  };
}
