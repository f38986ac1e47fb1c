import { parseConfig } from "#core/config/parse.ts";
import type { Comparison, PredictionsRecord, RunRecord } from "#core/evidence.ts";
import { parseBlobSha, parseCommitSha, parseModelName, parseVersion } from "#core/names.ts";
import { findChanges, type ModelChange } from "#core/plan/changes.ts";
import { computeSubject, subjectOfRun } from "#core/identity/subject.ts";
import type { Exam, Snapshot } from "#core/plan/identify.ts";
import type { KnownRun, ModelFacts, ProductionFacts } from "#core/plan/model-facts.ts";
import type { Standing } from "#core/registry/registry.ts";
import { comparison, estimate, hex, run } from "#test/core/message/report-fixture.ts";
import { treeOf } from "#test/core/tree-of.ts";

export const churn = parseModelName("churn");
const config = ".github/trainyard.yml";

export type Files = Readonly<Record<string, string>>;

/** A model's part of a config; `gates` and `more` are YAML. */
export function modelText(
  name: string,
  more = "",
  gates = "[{ metric: auc, at-least: 0.6 }, { metric: auc, versus: production, may-worsen: 0.01 }]",
): string {
  return `  ${name}:
    inputs: { data: [${name}/train.csv], code: [${name}/*.py], params: [${name}/params.yaml] }
    train: { run: python train.py, model: model.onnx, secrets: [HF_TOKEN] }
    predict: { run: python predict.py }
    evaluate: { holdout: ${name}/holdout.csv, task: binary, label: churned, score: p, metrics: { auc: {} } }
    gates: ${gates}
${more === "" ? "" : `    ${more}\n`}`;
}

export function configText(...models: readonly string[]): string {
  return models.length === 0 ? "version: 1\nmodels: {}\n" : `version: 1\nmodels:\n${models.join("")}`;
}

export function modelFiles(name: string): Files {
  return {
    [`${name}/train.csv`]: "1",
    [`${name}/train.py`]: "train",
    [`${name}/params.yaml`]: "depth: 6",
    [`${name}/holdout.csv`]: "2",
  };
}

/** A repository with one model, churn. */
export const repository: Files = {
  [config]: configText(modelText("churn")),
  "README.md": "Hello",
  ...modelFiles("churn"),
};

export function snapshot(files: Files): Snapshot {
  const parsed = parseConfig(files[config] ?? "");
  if (parsed.kind !== "config") throw new Error(parsed.problems.map(({ message }) => message).join("; "));
  return { commit: undefined, tree: treeOf(files), config: parsed.config };
}

/** What a change of these files means; `null` as the base: there is no config yet. */
export function changesOf(after: Files, before: Files | null = repository): readonly ModelChange[] {
  return findChanges(before === null ? undefined : snapshot(before), snapshot(after));
}

export type Candidate = Extract<ModelChange, { kind: "candidate" }>;

/** The only change of a pull request that changes the model churn. */
export function candidate(
  after: Files = { ...repository, "churn/params.yaml": "depth: 8" },
  before = repository,
): Candidate {
  const [change] = changesOf(after, before);
  if (change?.kind !== "candidate") throw new Error(`This is no candidate: ${change?.kind}`);
  return change;
}

const standsThere = { artifact: hex("c"), recipe: hex("5") };
const { recipe } = candidate().merged;
/** Who answers for either side, where the candidate is the fixture's own. */
export const subjects = { candidate: subjectOfRun(run({ recipe })), production: computeSubject(standsThere) };

export function standing(change: Partial<Standing> = {}): Standing {
  return {
    version: parseVersion("v1.4.0"),
    tag: "churn@v1.4.0",
    commit: parseCommitSha(hex("7", 40)),
    ...standsThere,
    run: `runs/${hex("5")}/1-1.json`,
    evaluation: hex("a"),
    stage: "production",
    counter: 5,
    since: new Date("2026-05-01T12:00:00Z"),
    pull: 3,
    by: null,
    why: "reviewed in #3",
    ...change,
  };
}

export function production(change: Partial<ProductionFacts> = {}): ProductionFacts {
  return {
    standing: standing(),
    bytes: { kind: "release-asset", tag: "churn@v1.4.0", name: "model" },
    modelPath: "model.onnx",
    setup: undefined,
    predict: { run: "python predict.py", timeoutMs: 1_000, inputs: [] },
    inputs: [],
    parameters: undefined,
    ...change,
  };
}

export function known(change: Partial<RunRecord> = {}): KnownRun {
  const record = run({ recipe, inputs: [], ...change });
  return { run: record, bytes: record.bytes };
}

export function predictions(exam: Exam, subject: string): PredictionsRecord {
  return {
    schema: "trainyard/predictions/1",
    evaluation: exam.evaluation,
    subject,
    sha256: hex("9"),
    size: 10,
    format: "csv",
    bytes: { kind: "local", path: subject },
  };
}

/** Candidate and production on an exam; `difference` is theirs in AUC, known to 0.005. */
export function compared(exam: Exam, difference: number, change: Partial<Comparison> = {}): Comparison {
  const auc = {
    name: "auc",
    better: "higher" as const,
    unit: null,
    candidate: estimate(0.8 + difference, 0.005),
    production: estimate(0.8, 0.005),
    baseline: null,
    versusProduction: estimate(difference, 0.005),
    versusBaseline: null,
  };
  return comparison({ evaluation: exam.evaluation, task: "binary", ...subjects, metrics: [auc], ...change });
}

/** The first model: nothing to compare with. */
export function measured(exam: Exam, point: number): Comparison {
  const [auc] = compared(exam, point - 0.8).metrics;
  if (auc === undefined) throw new Error("There is no metric");
  return compared(exam, 0, { production: null, metrics: [{ ...auc, production: null, versusProduction: null }] });
}

export const noFacts: ModelFacts = {
  production: undefined,
  productionProblem: undefined,
  candidate: undefined,
  foreign: false,
  expired: undefined,
  runs: 0,
  baseline: undefined,
  goesBackTo: undefined,
  hasHistory: false,
  registered: undefined,
  predictions: [],
  comparisons: [],
  data: undefined,
  failures: [],
  acceptance: undefined,
};

/** A candidate that was trained and compared with production; `difference` in AUC. */
export function facts(change: Candidate, difference: number, more: Partial<ModelFacts> = {}): ModelFacts {
  const trained = known({ recipe: change.merged.recipe });
  return {
    ...noFacts,
    production: production(),
    candidate: trained,
    runs: 1,
    comparisons: [compared(change.exam, difference, { candidate: subjectOfRun(trained.run) })],
    ...more,
  };
}

export const failure = {
  model: "churn",
  task: "candidate-churn",
  phase: "train" as const,
  message: "It ended with code 1",
  log: "",
};

export function entry(
  path: string,
  digit: string,
): { path: string; mode: string; blob: ReturnType<typeof parseBlobSha> } {
  return { path, mode: "100644", blob: parseBlobSha(hex(digit, 40)) };
}
