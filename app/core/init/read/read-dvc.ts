import * as z from "zod";
import { readYaml, type ReadYaml } from "#core/config/yaml/read-yaml.ts";
import {
  findLine,
  nameOf,
  type CloneView,
  type FoundCommand,
  type ModelHints,
  type Place,
  type Warning,
} from "#core/init/clone-view.ts";
import { isModelFile, pickModel } from "#core/init/guess-model-file.ts";
import { needs, normalize, type Stage } from "./dvc-stages.ts";
import { findRunFiles } from "./read-scripts.ts";
import { sortInputs } from "./sort-inputs.ts";

const path = "dvc.yaml";
/** no file is called so; what is longer is somebody's try */
const longestPath = 1_000;
const entry = z.union([z.string(), z.record(z.string(), z.unknown())]);
const stageSchema = z.object({
  cmd: z.union([z.string(), z.array(z.string())]),
  wdir: z.string().optional(),
  deps: z.array(entry).default([]),
  outs: z.array(entry).default([]),
  params: z.array(entry).default([]),
  metrics: z.array(entry).default([]),
});
const schema = z.object({ stages: z.record(z.string(), z.unknown()).default({}) });

/** What a pipeline of DVC says: the stage that trains with all it needs before, the one that predicts, inputs, output. */
export function readDvc(view: CloneView): ModelHints | undefined {
  const text = view.texts.get(path);
  if (text === undefined) return undefined;
  const read = readYaml(text);
  const [problem] = read.problems;
  const parsed = schema.safeParse(read.value);
  if (problem !== undefined || !parsed.success) {
    const because = problem?.message ?? "its stages are no map";
    return { warnings: [{ message: `was not read: ${because}`, at: { path, line: problem?.line ?? 1 } }] };
  }
  const files = new Set(view.paths);
  const known = Object.entries(parsed.data.stages).map(([name, value]) => ({
    name,
    stage: readStage(files, name, value),
  }));
  const stages = known.flatMap(({ stage }) => (stage === undefined ? [] : [stage]));
  const notRead = known
    .filter(({ stage }) => stage === undefined)
    .map(({ name }) => ({
      message: `the stage "${name}" has a matrix, a foreach or a template, which is not read`,
      at: placeOf(read, name),
    }));
  const training = pickTraining(stages);
  const predicting = stages.filter(({ name }) => /^(?:predict|infer)/i.test(name));
  const described = describe(view, read, training, stages);
  return {
    ...described,
    ...(predicting[0] === undefined || predicting.length > 1 ? {} : { predict: commandOf(read, predicting[0]) }),
    warnings: [...notRead, ...(described.warnings ?? []), ...sayMetrics(read, stages)],
  };
}

function describe(view: CloneView, read: ReadYaml, training: readonly Stage[], stages: readonly Stage[]): ModelHints {
  const [stage] = training;
  if (stage === undefined) return {};
  if (training.length > 1)
    return {
      doubts: { train: `${path} has several stages that could train: ${list(training.map(({ name }) => name))}` },
    };
  const chain = [...needs(stage, stages), stage];
  const names = chain.map(({ name }) => `"${name}"`).join(", ");
  const at = placeOf(read, stage.name);
  const model = pickModel(stage.outs);
  const { inputs, missing } = sortInputs(view, chain);
  const installs = /^[\w-]+$/.test(stage.name) ? findDvc(view) : undefined;
  return {
    train:
      installs === undefined
        ? {
            value: chain.map(({ command }) => command).join(" && "),
            runs: runsOf(chain),
            because: chain.length === 1 ? `the stage ${names}` : `the stages ${names}, one after the other`,
            at,
          }
        : {
            value: `dvc repro ${stage.name}`,
            runs: `${runsOf(chain)} ${chain.map(({ command }) => command).join(" && ")}`,
            because: `the stages ${names}, run by DVC, which ${installs} installs`,
            at,
          },
    inputs: {
      value: installs === undefined ? inputs : { ...inputs, code: [path, ...inputs.code] },
      because: `the deps and params of ${names}`,
      at,
    },
    ...(model === undefined
      ? { doubts: { model: `the stage "${stage.name}" has the outs ${list(stage.outs)}` } }
      : { model: { value: model, because: `an out of the stage "${stage.name}"`, at } }),
    warnings: missing.map((file) => ({
      message: `"${file}" is needed by ${names} and not in git: the training command has to fetch it`,
      at,
    })),
  };
}

/** The file by which the team installs DVC: only then can its command be run on a runner. */
function findDvc(view: CloneView): string | undefined {
  return ["requirements.txt", "pyproject.toml", "environment.yml", "environment.yaml", "conda.yaml"].find(
    (file) => findLine(view, file, /^[\s"'-]*dvc(?:\[[\w, -]*\])?\s*(?:$|["'=<>~!;,])/) !== undefined,
  );
}

function readStage(files: ReadonlySet<string>, name: string, value: unknown): Stage | undefined {
  const parsed = stageSchema.safeParse(value);
  if (!parsed.success || JSON.stringify(value).includes("${")) return undefined;
  const { cmd, wdir = ".", deps, outs, params, metrics } = parsed.data;
  const inside = (file: string): string => normalize(wdir, file);
  const paths = (named: readonly string[]): readonly string[] =>
    named.map(inside).filter(({ length }) => length <= longestPath);
  const command = typeof cmd === "string" ? joinLines(cmd) : cmd.join(" && ");
  const folder = normalize(wdir, ".");
  return {
    name,
    command: folder === "" ? command : `(cd ${folder} && ${command})`,
    scripts: findRunFiles(files, command, folder),
    deps: paths(deps.flatMap(keysOf)),
    outs: paths(outs.flatMap(keysOf)),
    params: paths(params.flatMap((one) => (typeof one === "string" ? ["params.yaml"] : Object.keys(one)))),
    metrics: paths(metrics.flatMap(keysOf)),
  };
}

const joinLines = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");
const keysOf = (one: z.infer<typeof entry>): string[] => (typeof one === "string" ? [one] : Object.keys(one));

function pickTraining(stages: readonly Stage[]): readonly Stage[] {
  for (const shape of [/^train(?:ing)?$/i, /^(?:train|fit)/i]) {
    const named = stages.filter(({ name }) => shape.test(name));
    if (named.length > 0) return named;
  }
  return stages.filter(({ outs }) => outs.some(isModelFile));
}

function commandOf(read: ReadYaml, stage: Stage): FoundCommand {
  const because = `the stage "${stage.name}"`;
  return { value: stage.command, runs: runsOf([stage]), because, at: placeOf(read, stage.name) };
}

/** Which files a command starts, by their path from the root: its own words may count from another folder. */
const runsOf = (chain: readonly Stage[]): string => chain.flatMap(({ scripts }) => scripts).join(" ");

function sayMetrics(read: ReadYaml, stages: readonly Stage[]): readonly Warning[] {
  return stages
    .filter(({ metrics }) => metrics.length > 0)
    .map(({ name, metrics }) => ({
      message: `the metrics in ${list(metrics.map(nameOf))} are what the stage "${name}" says of itself; Trainyard computes its own from the predictions, and does not read them`,
      at: placeOf(read, name),
    }));
}

const placeOf = (read: ReadYaml, stage: string): Place => ({ path, line: read.locate(["stages", stage], "key").line });
const list = (names: readonly string[]): string =>
  names.length === 0
    ? "(none)"
    : names
        .slice(0, 6)
        .map((name) => `"${name}"`)
        .join(", ");
