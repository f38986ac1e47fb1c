import { digest } from "#core/canonical.ts";
import type { Model } from "#core/config/config.ts";
import { findIrregular } from "#core/identity/inputs.ts";
import { computeSubject } from "#core/identity/subject.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import type { Comparison, PredictionsRecord } from "#core/evidence.ts";
import type { ModelChange } from "./changes.ts";
import { findUnmatched } from "./find-unmatched.ts";
import type { Exam, Identity } from "./identify.ts";
import { subjectOfCandidate, subjectOfProduction, type ModelFacts } from "./model-facts.ts";
import type { ComparisonSpec, Task } from "./plan-record.ts";

/** What is left to do for one model: tasks to run, comparisons to make. Nothing left: the verdict can be reached. */
export type ModelWork = { tasks: readonly Task[]; comparisons: readonly ComparisonSpec[]; exams: readonly Exam[] };

const nothing: ModelWork = { tasks: [], comparisons: [], exams: [] };

/** The exams that a change has to be compared on: the one that decides, and the proposed one. */
export function examsOf(change: Extract<ModelChange, { kind: "candidate" | "settings" }>): readonly Exam[] {
  return change.proposed === undefined ? [change.exam] : [change.exam, change.proposed];
}

/** As `examsOf`, and the windows: what is shown besides, and decides nothing. */
export function allExamsOf(change: Extract<ModelChange, { kind: "candidate" | "settings" }>): readonly Exam[] {
  const windows = change.kind === "candidate" ? (change.windows ?? []) : [];
  return [...examsOf(change), ...windows.map(({ exam }) => exam)];
}

/**
 * Holdout files that either side was trained on, by path or by blob: nobody is scored on them (law 3). The production
 * run's inputs are as its record says.
 */
export function droppedFiles(exam: Exam, candidate: readonly TreeEntry[], production: readonly TreeEntry[]): string[] {
  const paths = new Set<string>();
  const blobs = new Set<string>();
  for (const entry of [...candidate, ...production]) {
    paths.add(entry.path);
    blobs.add(entry.blob);
  }
  return exam.holdout.filter(({ path, blob }) => paths.has(path) || blobs.has(blob)).map(({ path }) => path);
}

/** Finds the comparison that the verdict needs among those that are known. */
export function findComparison(
  facts: ModelFacts,
  exam: Exam,
  candidate: string,
  production: string | undefined,
  dropped: readonly string[],
): Comparison | undefined {
  return facts.comparisons.find(
    (known) =>
      known.evaluation === exam.evaluation &&
      known.candidate === candidate &&
      known.production === (production ?? null) &&
      known.baseline === (facts.baseline?.digest ?? null) &&
      known.dropped.join("\0") === dropped.join("\0"),
  );
}

/** Plans what one changed model still needs. `train` says whether an unknown recipe may be trained by this run. */
export function planModel(change: ModelChange, facts: ModelFacts, options: { train: boolean }): ModelWork {
  if ("exam" in change && examsOf(change).some(isIrregular)) return nothing;
  if (change.kind === "settings") return planSettings(change, facts);
  if (change.kind !== "candidate") return nothing;
  if (findUnmatched(change, facts) !== undefined) return nothing;
  // a version that cannot be had is trained by nobody
  if (change.pin?.kind === "proposed" && facts.productionProblem !== undefined) return nothing;
  // What goes back is not trained; it is compared, so that people see what is lost.
  if (facts.candidate === undefined && (!options.train || facts.goesBackTo !== undefined)) return nothing;
  const dropFor = (exam: Exam): string[] =>
    droppedFiles(
      exam,
      facts.candidate?.run.inputs.map(asEntry) ?? change.merged.training,
      facts.production?.inputs ?? [],
    );
  const open = allExamsOf(change).filter(
    (exam) =>
      facts.candidate === undefined ||
      findComparison(facts, exam, subjectOfCandidate(facts) ?? "", subjectOfProduction(facts), dropFor(exam)) ===
        undefined,
  );
  if (open.length === 0) return nothing;
  return compareOn(open, change, facts, dropFor);
}

/** Links and submodules judge nobody (`judgeModel` says so). */
function isIrregular({ holdout, lookup, ignore }: Exam): boolean {
  return findIrregular([...holdout, ...lookup, ...ignore]) !== undefined;
}

/** Nothing new would ship: production alone sits the old and the new evaluation. */
function planSettings(change: Extract<ModelChange, { kind: "settings" }>, facts: ModelFacts): ModelWork {
  const production = facts.production;
  if (production === undefined) return nothing;
  const dropFor = (exam: Exam): string[] => droppedFiles(exam, [], production.inputs ?? []);
  const subject = computeSubject(production.standing);
  const open = examsOf(change).filter(
    (exam) => findComparison(facts, exam, subject, undefined, dropFor(exam)) === undefined,
  );
  if (open.length === 0) return nothing;
  const sitting = new Sitting(change.judge, facts, { isNew: false });
  const task = sitting.production(open);
  const baseline = sitting.baseline(open);
  return {
    tasks: [task, baseline].filter((entry) => entry !== undefined),
    exams: open,
    comparisons: open.map((exam) => ({
      evaluation: exam.evaluation,
      model: change.name,
      candidate: sitting.side("production", exam, subject),
      production: null,
      baseline: facts.baseline === undefined ? null : sitting.side("baseline", exam, facts.baseline.digest),
      dropped: dropFor(exam),
    })),
  };
}

function compareOn(
  open: readonly Exam[],
  { judge, merged, isNew }: Extract<ModelChange, { kind: "candidate" }>,
  facts: ModelFacts,
  dropFor: (exam: Exam) => string[],
): ModelWork {
  const sitting = new Sitting(judge, facts, { isNew });
  const tasks = [sitting.candidate(open, merged), sitting.production(open), sitting.baseline(open)];
  return {
    tasks: tasks.filter((task) => task !== undefined),
    exams: open,
    comparisons: open.map((exam) => ({
      evaluation: exam.evaluation,
      model: judge.name,
      candidate: sitting.side("candidate", exam, subjectOfCandidate(facts)),
      production: facts.production === undefined ? null : sitting.side("production", exam, subjectOfProduction(facts)),
      baseline: facts.baseline === undefined ? null : sitting.side("baseline", exam, facts.baseline.digest),
      dropped: dropFor(exam),
    })),
  };
}

/** Makes the tasks of one model: who has to answer which evaluations again, and who has answered already. */
class Sitting {
  readonly #judge: Model;
  readonly #facts: ModelFacts;
  readonly #isNew: boolean;

  constructor(judge: Model, facts: ModelFacts, { isNew }: { isNew: boolean }) {
    this.#judge = judge;
    this.#facts = facts;
    this.#isNew = isNew;
  }

  #known(subject: string | undefined, exam: Exam): PredictionsRecord | undefined {
    if (subject === undefined) return undefined;
    return this.#facts.predictions.find((entry) => entry.subject === subject && entry.evaluation === exam.evaluation);
  }

  #missing(subject: string | undefined, exams: readonly Exam[]): Task["sittings"] {
    return exams
      .filter((exam) => this.#known(subject, exam) === undefined)
      .map((exam) => ({ evaluation: exam.evaluation, lookup: [...exam.lookup] }));
  }

  side(role: Task["role"], exam: Exam, subject: string | undefined): ComparisonSpec["candidate"] {
    const predictions = this.#known(subject, exam) ?? null;
    return { task: predictions === null ? this.#key(role) : null, subject: subject ?? null, predictions };
  }

  #key(role: Task["role"]): string {
    return `${role}-${keyOf(this.#judge.name)}`;
  }

  candidate(exams: readonly Exam[], merged: Identity): Task | undefined {
    const known = this.#facts.candidate;
    const subject = subjectOfCandidate(this.#facts);
    const sittings = this.#missing(subject, exams);
    if (known !== undefined && sittings.length === 0) return undefined;
    const { model } = merged;
    return {
      key: this.#key("candidate"),
      model: model.name,
      role: "candidate",
      recipe: merged.recipe,
      train:
        known === undefined
          ? {
              run: model.train.run,
              // What spends and what is secret is the base branch's to say (law 7).
              timeoutMs: this.#judge.train.timeoutMs,
              secrets: [...this.#judge.train.secrets],
              inputs: [...merged.training],
              ...(model.train.checkpoint === undefined ? {} : { checkpoint: model.train.checkpoint }),
            }
          : null,
      modelPath: model.train.model,
      bytes: known?.bytes ?? null,
      artifact: known?.run.artifact.sha256 ?? null,
      subject: subject ?? null,
      setup: model.setup?.run ?? null,
      ...(model.fetch === undefined ? {} : { fetch: model.fetch.run }),
      ...(model.mounts === undefined ? {} : { mounts: model.mounts.map((one) => ({ ...one })) }),
      ...(model.setup?.cache === undefined ? {} : { cache: [...model.setup.cache] }),
      ...inContainer(model.setup?.container),
      predict: { run: model.predict.run, timeoutMs: this.#judge.predict.timeoutMs, inputs: [...merged.predicting] },
      sittings,
      runsOn: runsOn(this.#judge, known === undefined),
    };
  }

  production(exams: readonly Exam[]): Task | undefined {
    const production = this.#facts.production;
    if (production === undefined) return undefined;
    const subject = computeSubject(production.standing);
    const sittings = this.#missing(subject, exams);
    if (sittings.length === 0) return undefined;
    return {
      key: this.#key("production"),
      model: this.#judge.name,
      role: "production",
      reviewed: true,
      recipe: production.standing.recipe,
      train: null,
      modelPath: production.modelPath,
      bytes: production.bytes,
      artifact: production.standing.artifact,
      subject,
      setup: production.setup ?? null,
      ...(this.#judge.fetch === undefined ? {} : { fetch: this.#judge.fetch.run }),
      ...inContainer(production.container),
      predict: { ...production.predict, inputs: [...production.predict.inputs] },
      sittings,
      runsOn: runsOn(this.#judge, false),
    };
  }

  baseline(exams: readonly Exam[]): Task | undefined {
    const baseline = this.#facts.baseline;
    if (baseline === undefined) return undefined;
    const sittings = this.#missing(baseline.digest, exams);
    if (sittings.length === 0) return undefined;
    return {
      key: this.#key("baseline"),
      model: this.#judge.name,
      role: "baseline",
      // a new model brings its baseline along: nobody has said yes to that yet
      ...(this.#isNew ? {} : { reviewed: true as const }),
      recipe: null,
      train: null,
      modelPath: "",
      bytes: null,
      artifact: null,
      subject: baseline.digest,
      setup: baseline.setup ?? null,
      ...inContainer(this.#judge.setup?.container),
      predict: { run: baseline.run, timeoutMs: this.#judge.predict.timeoutMs, inputs: [...baseline.code] },
      sittings,
      runsOn: runsOn(this.#judge, false),
    };
  }
}

function inContainer(container: string | undefined): Pick<Task, "container"> {
  return container === undefined ? {} : { container };
}

/** A model's name in the letters that jobs and artifacts may bear; names that would look alike there keep apart. */
function keyOf(name: string): string {
  const key = name.toLowerCase().replaceAll("_", "-");
  if (key === name && key.length <= 60 && !/-[0-9a-f]{16}$/.test(key)) return key;
  return `${key.slice(0, 50)}-${digest(name).slice(0, 16)}`;
}

function runsOn(judge: Model, training: boolean): Task["runsOn"] {
  const where = training ? judge.train.runsOn : judge.predict.runsOn;
  if (typeof where === "string") return where;
  if ("group" in where)
    return where.labels === undefined ? { group: where.group } : { group: where.group, labels: [...where.labels] };
  return [...where];
}

function asEntry(entry: { path: string; mode: string; blob: string }): TreeEntry {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the record's schema has checked the object id
  return entry as TreeEntry;
}
