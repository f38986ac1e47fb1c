import { findGlobMistake } from "#core/config/glob.ts";
import { findPathMistake } from "#core/config/declared-path.ts";
import type { CloneView, Found, FoundCommand, ModelHints, Place, Warning } from "./clone-view.ts";
import { findWarnings } from "./find-warnings.ts";
import { guessAnswers, type AnswersGuess } from "./guess-answers.ts";
import { guessHoldout, type HoldoutGuess } from "./guess-holdout.ts";
import { guessModelFile } from "./guess-model-file.ts";
import { guessSetup, type SetupGuess } from "./guess-setup.ts";
import { readDvc } from "./read/read-dvc.ts";
import { readMlproject } from "./read/read-mlproject.ts";
import { findRunFile, readMakefile, readNames, readPackage } from "./read/read-scripts.ts";
import { writeConfig, type Block, type Entry } from "./write-config.ts";

/** One value of the config, why it stands there, and where that was seen. */
export type Guess = { key: string; value: string; because: string; at: Place | undefined };
/** One value that a person has to fill in: where in the config, on which of its lines, and what. */
export type Open = { path: string; fill: string; line: number };

export type InitPlan = {
  model: string;
  /** the config; the parser has exactly the problems that `open` announces */
  config: string;
  guesses: readonly Guess[];
  open: readonly Open[];
  warnings: readonly Warning[];
};

/** What to write for a repository, by looking at its files. Never throws: what is odd is left open, and said. */
export function planInit(view: CloneView, options: { model?: string | undefined } = {}): InitPlan {
  const model = options.model ?? nameModel(view.name);
  const hints = [readDvc(view), readMlproject(view), readPackage(view), readMakefile(view), readNames(view)].filter(
    (one) => one !== undefined,
  );
  const train = hints.find((one) => one.train !== undefined)?.train;
  const predict = hints.find((one) => one.predict !== undefined)?.predict;
  const setup = guessSetup(view, train?.value);
  const written = guessWritten(view, hints, train);
  const holdout = guessHoldout(view);
  const answers = guessAnswers(view, scriptOf(view, predict), holdout.ids);
  const inputs = guessInputs(view, hints, train, predict, setup);
  const board = new Board();
  board.note(
    "model",
    model,
    options.model === undefined ? "the repository's name; it is the model's name for good" : "as asked",
    undefined,
  );
  const blocks: Block[] = [
    { key: "inputs", entries: board.inputs(inputs.found) },
    { key: "setup", entries: setup.found === undefined ? [] : [board.entry("setup.run", setup.found, "", "")] },
    {
      key: "train",
      entries: [
        board.entry(
          "train.run",
          wrapped(train, setup),
          "python train.py",
          say("the command that trains", doubtOf(hints, "train")),
        ),
        board.entry(
          "train.model",
          written.found,
          "model.onnx",
          say("the file or folder that training writes", written.doubt),
        ),
      ],
    },
    {
      key: "predict",
      entries: [
        board.entry(
          "predict.run",
          wrapped(predict, setup),
          "python predict.py",
          say("the command that predicts", doubtOf(hints, "predict")),
        ),
      ],
      comment: "MODEL, ROWS and PREDICTIONS are in the environment",
    },
    { key: "evaluate", entries: board.evaluation(holdout, answers) },
  ];
  const config = writeConfig(model, blocks, [
    "# - { metric: auc, at-least: 0.75 } # say what a first model must reach",
    "- { metric: auc, versus: production, may-worsen: 0.005 }",
  ]);
  return {
    model,
    config,
    guesses: board.guesses,
    open: findOpen(model, blocks, config),
    warnings: [
      ...hints.flatMap(({ warnings = [] }) => warnings),
      ...inputs.warnings,
      ...setup.warnings,
      ...answers.warnings,
      ...sayPassedOver(hints, train, setup),
      ...findWarnings(view),
    ],
  };
}

/** Collects what was guessed while the blocks are put together. */
class Board {
  readonly guesses: Guess[] = [];

  note(key: string, value: string, because: string, at: Place | undefined): void {
    this.guesses.push({ key, value, because, at });
  }

  entry(path: string, found: Found<string> | undefined, example: string, fill: string): Entry {
    const key = path.slice(path.indexOf(".") + 1);
    if (found === undefined) return { kind: "open", key, example, fill };
    this.note(path, found.value, found.because, found.at);
    return { kind: "known", key, value: found.value };
  }

  inputs(found: ModelHints["inputs"]): readonly Entry[] {
    if (found === undefined) return [];
    return (["data", "code", "params"] as const).flatMap((key) => {
      const patterns = found.value[key];
      if (patterns.length === 0) return [];
      this.note(`inputs.${key}`, patterns.join(", "), found.because, found.at);
      return [{ kind: "known", key, value: patterns } as const];
    });
  }

  evaluation(holdout: HoldoutGuess, answers: AnswersGuess): readonly Entry[] {
    const task =
      holdout.label === undefined ? undefined : { ...holdout.label, value: "binary", because: "the label is 0 or 1" };
    return [
      this.entry(
        "evaluate.holdout",
        holdout.holdout,
        "holdout.csv",
        say("the rows that everybody is judged on", holdout.holdoutDoubt),
      ),
      this.entry("evaluate.task", task, "binary", "binary (the label is 0 or 1) or ranking; no other is supported yet"),
      ...(answers.id === undefined ? [] : [this.entry("evaluate.id", answers.id, "", "")]),
      this.entry("evaluate.label", holdout.label, "churned", say("the column with the truth", holdout.labelDoubt)),
      this.entry(
        "evaluate.score",
        answers.score,
        "p",
        say("the column of PREDICTIONS with the score", answers.scoreDoubt),
      ),
    ];
  }
}

const say = (what: string, doubt: string | undefined): string => (doubt === undefined ? what : `${what}; ${doubt}`);

const scriptOf = (view: CloneView, command: FoundCommand | undefined): string | undefined =>
  command === undefined ? undefined : findRunFile(view.paths, command.runs ?? command.value);

function wrapped(command: Found<string> | undefined, setup: SetupGuess): Found<string> | undefined {
  return command === undefined ? undefined : { ...command, value: setup.wrap(command.value) };
}

function guessWritten(
  view: CloneView,
  hints: readonly ModelHints[],
  train: FoundCommand | undefined,
): { found?: Found<string> | undefined; doubt?: string | undefined } {
  const by = hints.find((one) => train !== undefined && one.train === train);
  const script = by?.model === undefined && by?.doubts?.model === undefined ? scriptOf(view, train) : undefined;
  const { found, doubt } =
    script === undefined ? { found: by?.model, doubt: by?.doubts?.model } : guessModelFile(view, script);
  const mistake = found === undefined ? undefined : findPathMistake(found.value);
  if (found !== undefined && mistake === undefined) return { found };
  return {
    doubt: mistake === undefined ? doubt : `"${found?.value ?? ""}" cannot be it: ${mistake}`,
  };
}

/** Declared inputs are all that a training sees, so what installs and what predicts is added to what a pipeline says. */
function guessInputs(
  view: CloneView,
  hints: readonly ModelHints[],
  train: FoundCommand | undefined,
  predict: FoundCommand | undefined,
  setup: SetupGuess,
): { found?: ModelHints["inputs"]; warnings: readonly Warning[] } {
  const found = hints.find((one) => one.train === train)?.inputs;
  if (found === undefined) return { warnings: [] };
  const { data, params } = found.value;
  const more = [...setup.files, scriptOf(view, train), scriptOf(view, predict)].filter((file) => file !== undefined);
  const covered = (file: string): boolean =>
    found.value.code.some((one) => one === file || (one.endsWith("/**") && file.startsWith(one.slice(0, -2))));
  const code = [...found.value.code, ...more.filter((file, index) => !covered(file) && more.indexOf(file) === index)];
  const mistakes = [...data, ...code, ...params].flatMap((one) => {
    const mistake = findGlobMistake(one);
    return mistake === undefined ? [] : [`"${one}": ${mistake}`];
  });
  if (mistakes.length > 0)
    return { warnings: [{ message: `its deps are not taken as inputs: ${mistakes[0] ?? ""}`, at: found.at }] };
  return { found: { ...found, value: { data, code, params } }, warnings: [] };
}

function doubtOf(hints: readonly ModelHints[], key: "train" | "predict"): string | undefined {
  return hints.map(({ doubts }) => doubts?.[key]).find((one) => one !== undefined);
}

function sayPassedOver(
  hints: readonly ModelHints[],
  train: FoundCommand | undefined,
  setup: SetupGuess,
): readonly Warning[] {
  const others = hints.flatMap((one) => (one.train !== undefined && one.train !== train ? [one.train] : []));
  return [
    ...others
      .filter(({ value }) => value !== train?.value && !`${train?.value ?? ""} ${train?.runs ?? ""}`.includes(value))
      .map(({ value, because, at }) => ({ message: `was passed over for training: ${because}, ${value}`, at })),
    ...setup.passedOver.map((path) => ({
      message: `was passed over for setting up: ${setup.found?.at?.path ?? ""} is used`,
      at: { path, line: 1 },
    })),
  ];
}

/** Where every entry of a block is open, the parser misses the block as a whole. */
function findOpen(model: string, blocks: readonly Block[], config: string): readonly Open[] {
  const lines = config.split("\n");
  return blocks.flatMap(({ key, entries }) => {
    const open = entries.filter((entry) => entry.kind === "open");
    if (open.length === 0) return [];
    const path = `models.${model}.${key}`;
    const start = lines.findIndex((line) => line.startsWith(`    ${key}:`));
    const lineOf = (entry: string): number =>
      lines.findIndex((line, index) => index > start && line.startsWith(`      # ${entry}:`)) + 1;
    return open.length === entries.length
      ? [{ path, fill: open.map((entry) => `${entry.key}: ${entry.fill}`).join("; "), line: start + 1 }]
      : open.map((entry) => ({ path: `${path}.${entry.key}`, fill: entry.fill, line: lineOf(entry.key) }));
  });
}

/** A name that a model can have: what cannot stand in one becomes a dash. */
function nameModel(name: string): string {
  const clean = name
    .replaceAll(/[^A-Za-z0-9_-]+/g, "-")
    .slice(0, 100)
    .replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  return clean === "" ? "model" : clean;
}
