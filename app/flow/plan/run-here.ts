import { isBlocking } from "#core/expect/judge-expectation.ts";
import type { Comparison, PredictionsRecord, RunRecord } from "#core/evidence.ts";
import type { Machine, Performed, Side } from "#core/machine.ts";
import { compareSides } from "./compare-sides.ts";
import {
  subjectOfTask,
  type ComparisonSpec,
  type Failure,
  type PlanRecord,
  type ReportRecord,
  type Task,
} from "#core/plan/plan-record.ts";

export type Here = {
  machine: Machine;
  /** a file that a record of known predictions names; undefined where it cannot be had */
  findFile(record: PredictionsRecord): Promise<string | undefined>;
  /** where a run's bytes and predictions will be found later */
  keepModel(task: Task, done: Performed): Promise<RunRecord["bytes"]>;
  keepPredictions(subject: string, answer: Performed["predictions"][number]): Promise<PredictionsRecord["bytes"]>;
  describeSource(): RunRecord["source"];
  /** names the run in its record; default: by its bytes */
  runKey?: string;
  /** called before each step, for people who wait */
  onStep?(what: string): void;
};

/** Does everything that a plan asks for on this one machine, and claims what it found as a run of the loop would. */
export async function runHere(plan: PlanRecord, here: Here): Promise<ReportRecord> {
  const failures: Failure[] = [];
  const data = [];
  for (const spec of plan.data) {
    here.onStep?.(`checking the data of ${spec.model}`);
    // oxlint-disable-next-line no-await-in-loop -- one machine, one step after the other
    data.push(await here.machine.checkData(spec));
  }
  const bad = new Set(data.filter(({ expectations }) => expectations.some(isBlocking)).map(({ model }) => model));
  const rows = new Map<string, string>();
  for (const spec of plan.evaluations) {
    // oxlint-disable-next-line no-await-in-loop -- see above
    const made = await here.machine.prepareRows(spec);
    if (made.kind === "rows") rows.set(spec.evaluation, made.file);
    else
      failures.push({
        model: spec.model,
        task: "prepare",
        phase: "data",
        message: made.because.slice(0, 4_000),
        log: "",
      });
  }
  const performed = new Map<string, Performed>();
  const runs: RunRecord[] = [];
  const predictions: PredictionsRecord[] = [];
  // Bad data costs no training, and rows that cannot be made cost none either.
  for (const task of plan.tasks.filter(
    ({ model }) => !bad.has(model) && !failures.some((failure) => failure.model === model),
  )) {
    here.onStep?.(sayTask(task));
    // oxlint-disable-next-line no-await-in-loop -- see above
    const done = await here.machine.perform(task, rows);
    performed.set(task.key, done);
    failures.push(...done.failures);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const kept = await keep(here, task, done);
    runs.push(...kept.runs);
    predictions.push(...kept.predictions);
  }
  const comparisons: Comparison[] = [];
  for (const spec of plan.comparisons) {
    here.onStep?.(`comparing ${spec.model}`);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const compared = await compareSides(here.machine, plan, spec, (side) =>
      findSide(here, plan, side, spec.evaluation, performed),
    );
    if (compared.kind === "comparison") comparisons.push(compared.comparison);
    else if (!bad.has(spec.model) && !failures.some(({ model }) => model === spec.model))
      failures.push({ model: spec.model, task: "evaluate", phase: "evaluate", message: compared.because, log: "" });
  }
  return {
    schema: "trainyard/report/1",
    nonce: plan.nonce,
    pull: plan.pull,
    head: plan.head,
    runs,
    predictions,
    comparisons,
    data,
    failures,
  };
}

async function keep(
  here: Here,
  task: Task,
  done: Performed,
): Promise<{ runs: RunRecord[]; predictions: PredictionsRecord[] }> {
  const runs: RunRecord[] = [];
  const { artifact, trained } = done;
  if (task.train !== null && task.recipe !== null && artifact !== undefined && trained !== undefined) {
    const bytes = await here.keepModel(task, done);
    runs.push({
      schema: "trainyard/run/1",
      key: here.runKey ?? `local-${artifact.sha256.slice(0, 16)}`,
      recipe: task.recipe,
      model: task.model,
      artifact,
      bytes,
      inputs: task.train.inputs,
      ...trained,
      counts: true,
      source: here.describeSource(),
    });
  }
  const subject = subjectOfTask(task, artifact?.sha256);
  if (subject === undefined) return { runs, predictions: [] };
  const predictions = await Promise.all(
    done.predictions.map(async (answer): Promise<PredictionsRecord> => ({
      schema: "trainyard/predictions/1",
      evaluation: answer.evaluation,
      subject,
      sha256: answer.sha256,
      size: answer.size,
      format: answer.format,
      bytes: await here.keepPredictions(subject, answer),
    })),
  );
  return { runs, predictions };
}

/** What one side of a comparison answered, of what was done here or is known from before. */
async function findSide(
  here: Here,
  { tasks }: PlanRecord,
  side: ComparisonSpec["candidate"],
  evaluation: string,
  performed: ReadonlyMap<string, Performed>,
): Promise<Side | undefined> {
  if (side.predictions !== null) {
    const file = await here.findFile(side.predictions);
    return file === undefined ? undefined : { subject: side.predictions.subject, file };
  }
  const done = performed.get(side.task ?? "");
  const task = tasks.find(({ key }) => key === side.task);
  const subject = task === undefined ? undefined : subjectOfTask(task, done?.artifact?.sha256);
  const file = done?.predictions.find((answer) => answer.evaluation === evaluation)?.file;
  return subject === undefined || file === undefined ? undefined : { subject, file };
}

function sayTask({ model, role, train }: Task): string {
  if (role === "baseline") return `the baseline of ${model} predicts`;
  const of = role === "production" ? "in production" : "as it would be merged";
  return train === null ? `${model} ${of} predicts` : `training ${model} ${of}`;
}
