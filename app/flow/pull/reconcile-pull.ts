import type { TreeEntry } from "#core/identity/tree.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import { identifyExpectations } from "#core/plan/identify.ts";
import { startsBy } from "#core/plan/may-train.ts";
import { judgeModel, type ModelAnswer } from "#core/plan/judge-model.ts";
import { subjectOfCandidate, subjectOfProduction } from "#core/plan/model-facts.ts";
import { allExamsOf, planModel } from "#core/plan/plan-model.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports, WorkflowRun } from "#core/ports.ts";
import { readSnapshot } from "#flow/observe/read-snapshot.ts";
import type { ObservedModel } from "#flow/observe/observe-merged.ts";
import { observePull, type ObservedPull } from "#flow/observe/observe-pull.ts";
import { evidenceOf } from "./evidence-of.ts";
import { excuseStale } from "./excuse-stale.ts";
import { publishPull } from "./publish-pull.ts";
import { recordReport, type Wanted } from "#flow/evidence/record-report.ts";

export type JudgedModel = { change: ModelChange; observed: ObservedModel; answer: ModelAnswer };

export type PullAnswer = {
  observed: ObservedPull;
  models: readonly JudgedModel[];
  failures: readonly Failure[];
  /** the run that was started by hand and is expected to bring what is missing */
  waitsFor: number | undefined;
  /** the evidence for which a comparison was started just now */
  asked?: string;
};

export type ReconcileOptions = {
  /** an event just happened that starts a run of its own: what is missing is on its way */
  runStarts: boolean;
  /** when that was: a finished run as young as this was the one, as events may come late and more than once */
  since?: Date;
  /** a run that has finished its work, though the service may still call it running (its own report job asks) */
  finishedRun: number | undefined;
  /** start a run where stored predictions have to be compared again */
  dispatch: boolean;
  /** a person asked: start it also where one has brought nothing before */
  again?: boolean;
};

/**
 * Brings check, comment and evidence of one pull request to where they should be: reads everything again, records what
 * finished runs claim, judges, and makes only the writes that are missing. Doing it twice changes nothing.
 */
export async function reconcilePull(ports: Ports, number: number, options: ReconcileOptions): Promise<PullAnswer> {
  let answer = await judgePull(ports, number, [], { expecting: options.runStarts });
  const { pull } = answer.observed;
  if (pull.state === "closed") return answer;
  if (isOpen(answer) || (options.finishedRun !== undefined && asksAnything(answer))) {
    const { runs, tried } = await findRuns(ports, answer, options);
    const held = runs.filter(isHeld);
    const finished = runs.find((run) => !isHeld(run) && (run.status === "completed" || run.id === options.finishedRun));
    const running = runs.find((run) => run.status !== "completed" && run.id !== options.finishedRun);
    const recorded =
      finished === undefined ? undefined : await recordReport(ports, finished, await want(ports, answer.observed));
    const expecting = running !== undefined || (options.runStarts && !runs.some((run) => isDone(run, options.since)));
    const starts = held.length > 0 && finished === undefined && running === undefined ? approveIt : undefined;
    if (recorded !== undefined || running !== undefined || expecting !== options.runStarts || starts !== undefined) {
      answer = await judgePull(ports, number, recorded?.failures ?? [], {
        expecting: expecting && starts === undefined,
        asked: running?.event === "workflow_dispatch",
        starts,
      });
      answer = { ...answer, waitsFor: running?.event === "workflow_dispatch" ? running.id : undefined };
    }
    const mayStart = options.dispatch && !expecting && (!pull.fork || !needsItsCode(answer));
    // what failed just now fails again, and would be told no more
    const worthwhile = answer.failures.length === 0 && tried !== evidenceOf(answer);
    if (mayStart && needsComparison(answer) && (options.again === true || worthwhile)) {
      const asked = evidenceOf(answer);
      const started = await ports.workflows.dispatch({ command: "compare", pull: String(number), head: pull.head.sha });
      answer = {
        ...(await judgePull(ports, number, [], { expecting: true, asked: true })),
        waitsFor: started.run,
        asked,
      };
    }
  }
  answer = await excuseStale(ports, answer);
  await publishPull(ports, answer, options.finishedRun);
  return answer;
}

const approveIt = "approve its workflow run, which waits for somebody who may write";

/** Nothing of this run has run: somebody has to approve it first. */
function isHeld({ conclusion }: WorkflowRun): boolean {
  return conclusion === "action_required";
}

/** Has the run come and gone that an event at this moment started? */
function isDone({ status, createdAt }: WorkflowRun, since: Date | undefined): boolean {
  return status === "completed" && since !== undefined && createdAt !== undefined && createdAt >= since;
}

/** Reads and judges, writes nothing. */
export async function judgePull(
  ports: Pick<Ports, "repository" | "pulls" | "tags" | "bytes" | "evidence">,
  number: number,
  failures: readonly Failure[],
  /** `asked`: the run on its way was started by a person, whatever the config waits for; `starts`: what has to be done first */
  options: { expecting: boolean; asked?: boolean; starts?: string | undefined },
): Promise<PullAnswer> {
  const observed = await observePull(ports, number, failures);
  const { outcome } = observed;
  if (outcome.kind !== "models") return { observed, models: [], failures, waitsFor: undefined };
  const models = outcome.models.map((model) => ({
    change: model.change,
    observed: model,
    answer: judgeModel(model.change, model.facts, {
      expecting: options.expecting,
      informational: outcome.informational,
      tree: outcome.merged.tree,
      starts:
        options.asked === true || !("judge" in model.change)
          ? undefined
          : (startsBy(model.change.judge, observed.pull) ?? options.starts),
    }),
  }));
  return { observed, models, failures, waitsFor: undefined };
}

/** Does any model change, so that a run could have brought something? */
function asksAnything({ models }: PullAnswer): boolean {
  return models.some(({ change }) => change.kind === "candidate" || change.kind === "settings");
}

/** Is something still missing that a finished run may have brought? Under the proposed evaluation, too. */
function isOpen(answer: PullAnswer): boolean {
  return answer.models.some(({ answer: model, change }) => {
    if (model.kind === "pending") return true;
    if (change.kind !== "candidate" && change.kind !== "settings") return false;
    const { kind } = model.verdict;
    const lacks = model.comparison === undefined || (change.proposed !== undefined && model.proposed === undefined);
    return lacks && (kind === "stale" || kind === "error" || kind === "settings");
  });
}

/** Would its own code have to run, and not only what others answered be compared? */
function needsItsCode({ models }: PullAnswer): boolean {
  return models.some(({ change, observed }) =>
    planModel(change, observed.facts, { train: false }).tasks.some(({ role }) => role === "candidate"),
  );
}

/** Everything is trained; only a comparison is missing, which needs no training. */
function needsComparison(answer: PullAnswer): boolean {
  return answer.models.some(
    ({ change, observed }) =>
      (change.kind === "settings" || observed.facts.candidate !== undefined) &&
      planModel(change, observed.facts, { train: false }).comparisons.length > 0,
  );
}

/**
 * Runs that may say something about this head, newest first: its own, and one that was started by hand for it. `tried`:
 * the evidence for which a comparison need not be started, as the one that was brought nothing.
 */
async function findRuns(
  ports: Ports,
  answer: PullAnswer,
  options: ReconcileOptions,
): Promise<{ runs: readonly WorkflowRun[]; tried: string | undefined }> {
  const { head } = answer.observed.pull;
  const runs = [...(await ports.workflows.runsOf(head.sha))];
  const check = await ports.checks.find(head.sha);
  const started = /^run:(\d+)$/.exec(check?.externalId ?? "")?.[1];
  for (const id of [started === undefined ? undefined : Number(started), options.finishedRun]) {
    if (id === undefined || runs.some((run) => run.id === id)) continue;
    // oxlint-disable-next-line no-await-in-loop -- two at most
    const run = await ports.workflows.run(id);
    if (run !== undefined) runs.push(run);
  }
  const hasEnded =
    started !== undefined && runs.some(({ id, status }) => id === Number(started) && status === "completed");
  return {
    runs: runs.toSorted((a, b) => b.id - a.id),
    tried: hasEnded ? evidenceOf(answer) : check?.externalId.replace(/^asked:/, ""),
  };
}

async function want(ports: Ports, observed: ObservedPull): Promise<Wanted> {
  const { outcome, pull, base } = observed;
  if (outcome.kind !== "models") throw new TypeError("Cannot ask for a report where no model is known");
  const before = await readSnapshot(ports.repository, base, base);
  return {
    pull: pull.number,
    ofFork: pull.fork,
    head: pull.head.sha,
    ...wantOf(outcome.models),
    branch: pull.base.ref,
    tip: base,
    baseTree: before.kind === "snapshot" ? before.snapshot.tree : before.tree,
    mergedTree: outcome.merged.tree,
    informational: outcome.informational,
  };
}

/** Recipes, evaluations and subjects that these models ask about. */
export function wantOf(
  models: readonly ObservedModel[],
): Pick<Wanted, "recipes" | "expectations" | "inputs" | "evaluations" | "subjects"> {
  const recipes = new Map<string, string>();
  const expectations = new Map<string, string>();
  const inputs = new Map<string, readonly TreeEntry[]>();
  const evaluations = new Set<string>();
  const subjects = new Set<string>();
  for (const { change, facts } of models) {
    if (change.kind !== "candidate" && change.kind !== "settings") continue;
    if (change.kind === "candidate") {
      recipes.set(change.name, change.merged.recipe);
      expectations.set(change.name, identifyExpectations(change.judge.expect));
      inputs.set(change.merged.recipe, change.merged.training);
    }
    for (const exam of allExamsOf(change)) evaluations.add(exam.evaluation);
    const known = [subjectOfCandidate(facts), subjectOfProduction(facts), facts.baseline?.digest];
    for (const subject of known) if (subject !== undefined) subjects.add(subject);
  }
  return { recipes, expectations, inputs, evaluations, subjects };
}
