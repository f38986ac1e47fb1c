import type { Tree } from "#core/identity/tree.ts";
import type { ModelReport, ReportInput } from "#core/message/report-input.ts";
import type { CommitSha } from "#core/names.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import { judgeModel, type ModelAnswer } from "#core/plan/judge-model.ts";
import type { Failure, PlanRecord } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import { observeMerged, type ObservedMerge, type ObservedModel } from "#flow/observe/observe-merged.ts";
import { noFacts } from "#flow/observe/observe-model.ts";
import { planRun } from "#flow/plan/plan-run.ts";
import { runHere, type Here } from "#flow/plan/run-here.ts";
import { describeModel } from "#flow/pull/describe-model.ts";
import { keepReport } from "./keep-report.ts";
import { StandIns, type StandIn } from "./stand-ins.ts";

type Needed = Pick<Ports, "repository" | "tags" | "bytes" | "evidence">;

export type CheckQuestion = {
  base: { name: string; commit: CommitSha };
  head: CommitSha;
  /** what the base branch would hold */
  merged: Tree;
  /** of the commits that would be merged */
  messages: () => Promise<readonly string[]>;
  /** train what this machine has not trained yet? */
  train: boolean;
};

export type CheckedModel = ObservedModel & { answer: ModelAnswer; report: ModelReport; standIn: StandIn | undefined };
export type CheckAnswer = {
  outcome: ObservedMerge;
  models: readonly CheckedModel[];
  /** what the pull request's comment is made of */
  report: ReportInput;
  /** how many trainings it took */
  trained: number;
};

/**
 * What a pull request would say, found out on this machine alone: trains what stands in production and the candidate, if
 * it has not done so before, has both sit the same evaluation, compares and judges. What it found is kept.
 */
export async function checkMerge(ports: Needed, here: Here, question: CheckQuestion): Promise<CheckAnswer> {
  const standIns = new StandIns(ports, question.base.commit);
  const observe = async (failures: readonly Failure[]): Promise<ObservedMerge> =>
    await observeMerged(ports, {
      base: question.base.commit,
      merged: question.merged,
      pull: undefined,
      messages: question.messages,
      failures,
      findProduction: async (asked, standing) => await standIns.find(asked, standing),
    });
  let trained = 0;
  const perform = async (plan: PlanRecord): Promise<readonly Failure[]> => {
    if (plan.tasks.length === 0 && plan.comparisons.length === 0) return [];
    const report = await runHere(plan, here);
    trained += report.runs.length;
    await keepReport(ports.evidence, plan, report);
    return report.failures;
  };
  const failures: Failure[] = [];
  let outcome = await observe([]);
  if (outcome.kind === "models" && question.train) {
    const failed = await perform(planProduction(question, outcome, standIns));
    for (const failure of failed) standIns.fail(failure);
    failures.push(...failed);
    outcome = await observe(failures);
  }
  if (outcome.kind === "models") {
    failures.push(...(await perform(planCandidates(question, outcome, standIns))));
    outcome = await observe(failures);
  }
  return await describe(ports, question, { outcome, failures, standIns, trained });
}

/** Only models that something new would ship, or whose definitions change, are compared with production. */
function needsProduction({ change, facts }: ObservedModel): boolean {
  if (facts.goesBackTo !== undefined || facts.productionProblem !== undefined) return false;
  return change.kind === "settings" || (change.kind === "candidate" && !change.isNew);
}

type Observed = Extract<ObservedMerge, { kind: "models" }>;

/** Trains what stands in production, and has it sit the evaluation of the comparison to come. */
function planProduction(question: CheckQuestion, { judge, merged, models }: Observed, standIns: StandIns): PlanRecord {
  const wanted = models.filter(needsProduction).flatMap(({ change, facts }): ObservedModel[] => {
    const standIn = standIns.of(change.name);
    if (standIn === undefined || standIn.known !== undefined || !("judge" in change)) return [];
    const { name, exam, proposed } = change;
    const windows = change.kind === "candidate" ? change.windows : undefined;
    const production: ModelChange = {
      kind: "candidate",
      name,
      judge: change.judge,
      isNew: false,
      merged: standIn.identity,
      exam,
      proposed,
      changedHoldout: [],
      ...(windows === undefined ? {} : { windows }),
    };
    return [{ change: production, facts: { ...noFacts, baseline: facts.baseline } }];
  });
  const plan = planRun({
    ...planOf(question),
    baseTree: judge?.tree,
    mergedTree: merged.tree,
    models: wanted,
    train: () => true,
  });
  const tasks = plan.tasks.filter(({ role }) => role === "candidate");
  return {
    ...plan,
    tasks: tasks.map((task) => ({ ...task, role: "production", key: task.key.replace(/^candidate-/, "production-") })),
    // What is in production has been judged; its data was checked before it was trained.
    comparisons: [],
    data: [],
  };
}

function planCandidates(question: CheckQuestion, { judge, merged, models }: Observed, standIns: StandIns): PlanRecord {
  const ready = models.filter((model) => !standIns.hasFailed(model.change.name) && !isOpen(model, standIns, question));
  return planRun({
    ...planOf(question),
    baseTree: judge?.tree,
    mergedTree: merged.tree,
    models: ready,
    train: () => question.train,
  });
}

function planOf(question: CheckQuestion): {
  pull: undefined;
  head: CommitSha;
  base: CommitSha;
  objects: readonly CommitSha[];
} {
  return { pull: undefined, head: question.head, base: question.base.commit, objects: [] };
}

/** Asked not to train, and something that is needed has not been trained here. */
function isOpen(model: ObservedModel, standIns: StandIns, { train }: CheckQuestion): boolean {
  const { change, facts } = model;
  if (train || facts.goesBackTo !== undefined || facts.productionProblem !== undefined) return false;
  if (needsProduction(model) && standIns.of(change.name)?.known === undefined) return true;
  return change.kind === "candidate" && facts.candidate === undefined;
}

async function describe(
  ports: Needed,
  question: CheckQuestion,
  found: { outcome: ObservedMerge; failures: readonly Failure[]; standIns: StandIns; trained: number },
): Promise<CheckAnswer> {
  const { outcome, failures, standIns, trained } = found;
  const common = { head: question.head, base: question.base.commit };
  if (outcome.kind !== "models") {
    const problem: ReportInput["problem"] =
      outcome.kind === "problems" ? { kind: "config", problems: outcome.problems } : undefined;
    return {
      outcome,
      models: [],
      trained,
      report: { ...common, models: [], problem, informational: outcome.kind === "no-config" },
    };
  }
  const { informational, merged } = outcome;
  const models = await Promise.all(
    outcome.models.map(async (model): Promise<CheckedModel> => {
      const answer = isOpen(model, standIns, question)
        ? untrained(model)
        : judgeModel(model.change, model.facts, { expecting: false, informational, tree: merged.tree });
      const standIn = standIns.of(model.change.name);
      // evidence with what was made here is nobody's to accept
      const described = { ...(await describeModel(ports, model, answer, failures)), evidence: undefined };
      return {
        ...model,
        answer,
        standIn,
        report:
          standIn === undefined
            ? described
            : { ...described, ...nameProduction(standIn, question.base.name, described) },
      };
    }),
  );
  return {
    outcome,
    models,
    trained,
    report: {
      ...common,
      models: models.map(({ report }) => report),
      problem: undefined,
      isLocal: true,
      informational: outcome.informational,
    },
  };
}

function untrained({ change }: ObservedModel): ModelAnswer {
  const because = `this machine has not trained "${change.name}": run "trainyard check" without --no-train`;
  return {
    kind: "verdict",
    verdict: { kind: "untrained", green: false, because, gates: [] },
    comparison: undefined,
    proposed: undefined,
    evidence: "",
  };
}

/** Without a tag, production has no version, and the next one is not known. */
function nameProduction(
  { standing }: StandIn,
  base: string,
  described: ModelReport,
): Pick<ModelReport, "production" | "next"> {
  if (standing !== undefined) return { production: standing.version, next: described.next };
  return { production: `as ${base} makes it`, next: undefined };
}
