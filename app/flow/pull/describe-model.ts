import { compareParameters } from "#core/message/report/compare-parameters.ts";
import type { ModelReport } from "#core/message/report-input.ts";
import { judgeGates } from "#core/gate/judge-gates.ts";
import type { GateVerdict } from "#core/gate/verdict.ts";
import { sameGates } from "#core/plan/identify.ts";
import { findWindowComparisons, type ModelAnswer } from "#core/plan/judge-model.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import { nextVersion } from "#core/registry/version.ts";
import type { ObservedModel } from "#flow/observe/observe-merged.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import type { JudgedModel } from "./reconcile-pull.ts";

/** Turns what was found out about models into what their parts of a report are made of. */
export async function describeModels(
  ports: Pick<Ports, "tags">,
  models: readonly JudgedModel[],
  failures: readonly Failure[],
): Promise<readonly ModelReport[]> {
  return await Promise.all(
    models.map(async ({ observed, answer }) => await describeModel(ports, observed, answer, failures)),
  );
}

/** Turns what was found out about one model into what its part of the report is made of. */
export async function describeModel(
  ports: Pick<Ports, "tags">,
  { change, facts }: ObservedModel,
  answer: ModelAnswer,
  failures: readonly Failure[],
): Promise<ModelReport> {
  const judged = answer.kind === "verdict" ? answer : undefined;
  const affected = change.kind === "candidate" || change.kind === "settings" ? change : undefined;
  const after = affected?.merged.model;
  return {
    name: change.name,
    verdict: judged?.verdict ?? { kind: "pending", because: answer.kind === "pending" ? answer.because : "" },
    production: facts.production?.standing.version,
    next: change.kind === "candidate" ? await findNext(ports, change, facts) : undefined,
    stage: stageOf(change, facts),
    evidence: judged?.evidence,
    renamed: affected?.renamed,
    unpinned: change.kind === "candidate" && change.pin?.kind === "removed" ? change.pin.version : undefined,
    pinned: change.kind === "candidate" && change.pin?.kind === "holds" ? change.pin.version : undefined,
    comparison: judged?.comparison,
    proposed: judged?.proposed,
    windows: findWindowComparisons(change, facts),
    changes: {
      evaluation: affected?.proposed !== undefined,
      gates: affected !== undefined && after !== undefined && !sameGates(affected.judge.gates, after.gates),
      promotion: change.kind === "settings" && change.promoteChanged,
    },
    proposedGates: judgeProposed(change, judged),
    changedHoldout: change.kind === "candidate" ? change.changedHoldout : [],
    data: facts.data,
    run: change.kind === "candidate" ? facts.candidate?.run : undefined,
    runs: facts.runs,
    parameters:
      change.kind === "candidate"
        ? compareParameters(facts.production?.parameters, facts.candidate?.run.parameters)
        : [],
    waiting: undefined,
    failures: isCompared(judged) ? [] : failures.filter((failure) => failure.model === change.name),
  };
}

/** What failed in one attempt of a run, and was done by another, is nobody's matter any more. */
function isCompared(judged: Extract<ModelAnswer, { kind: "verdict" }> | undefined): boolean {
  return judged?.comparison?.error === null && judged.verdict.kind !== "error";
}

/** Where only definitions change: production by the gates that are proposed, on the evaluation that would be judged by. */
function judgeProposed(
  change: ObservedModel["change"],
  judged: Extract<ModelAnswer, { kind: "verdict" }> | undefined,
): readonly GateVerdict[] {
  const comparison = judged?.proposed ?? judged?.comparison;
  if (change.kind !== "settings" || comparison === undefined) return [];
  const { gates } = change.merged.model;
  return sameGates(change.judge.gates, gates) ? [] : judgeGates(gates, comparison, { first: true }).gates;
}

/** Where merging moves it: a going back returns to production, all else begins at the first stage. */
function stageOf(change: ObservedModel["change"], facts: ObservedModel["facts"]): string {
  const stages = "judge" in change ? change.judge.promote.stages : [];
  return stages.at(facts.goesBackTo === undefined ? 0 : -1) ?? "production";
}

async function findNext(
  ports: Pick<Ports, "tags">,
  change: Extract<ObservedModel["change"], { kind: "candidate" }>,
  facts: ObservedModel["facts"],
): Promise<string> {
  if (facts.goesBackTo !== undefined) return facts.goesBackTo.version;
  if (facts.registered !== undefined) return facts.registered;
  const registry = await readRegistry(ports.tags, change.merged.model);
  return nextVersion(registry.taken, change.merged.model.promote.bump);
}
