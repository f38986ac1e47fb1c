import { isBlocking } from "#core/expect/judge-expectation.ts";
import type { Model } from "#core/config/config.ts";
import type { Comparison } from "#core/evidence.ts";
import type { GateVerdict, Verdict, VerdictKind } from "#core/gate/verdict.ts";
import { judgeGates } from "#core/gate/judge-gates.ts";
import { findIrregular } from "#core/identity/inputs.ts";
import { computeSubject } from "#core/identity/subject.ts";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import type { ModelChange } from "./changes.ts";
import { digestEvidence } from "./evidence.ts";
import { findUnmatched } from "./find-unmatched.ts";
import type { Exam } from "./identify.ts";
import { subjectOfCandidate, subjectOfProduction, type ModelFacts } from "./model-facts.ts";
import { droppedFiles, examsOf, findComparison } from "./plan-model.ts";

/** The answer for one model: a verdict with the comparisons it stands on, or what it is waiting for. */
export type ModelAnswer =
  | {
      kind: "verdict";
      verdict: Verdict;
      comparison: Comparison | undefined;
      proposed: Comparison | undefined;
      evidence: string;
    }
  | { kind: "pending"; because: string };

export type JudgeOptions = {
  /** a run that may bring what is missing is on its way or running */
  expecting: boolean;
  /** the base branch has no config: nothing is judged in earnest */
  informational: boolean;
  /** what a person has to do before anything is trained here (`when:`); undefined: a push is enough */
  starts?: string | undefined;
  /** the files of the merged tree, where pointers may be that nobody named */
  tree?: Tree;
};

/**
 * Judges one change by its facts (law 4). `expecting`: a run that may bring what is missing is on its way or running;
 * without one, what is missing never comes, and the verdict says so.
 */
export function judgeModel(change: ModelChange, facts: ModelFacts, options: JudgeOptions): ModelAnswer {
  if (change.kind === "not_affected")
    return plain("not_affected", true, `"${change.name}" is as on the base branch`, change, facts);
  if (facts.productionProblem !== undefined) return plain("error", false, facts.productionProblem, change, facts);
  if (change.kind === "retired") {
    return plain("retired", false, sayRetired(change.name, facts), change, facts);
  }
  const irregular = findIrregular(
    examsOf(change).flatMap(({ holdout, lookup, ignore }) => [...holdout, ...lookup, ...ignore]),
  );
  if (irregular !== undefined) return plain("error", false, sayIrregular(irregular), change, facts);
  if (change.kind === "settings") return judgeSettings(change, facts, options);
  const dataProblem = facts.data?.expectations.find(isBlocking);
  if (dataProblem !== undefined) return plain("error", false, `Data: ${dataProblem.because}`, change, facts);
  if (facts.goesBackTo !== undefined) {
    const { version, names } = facts.goesBackTo;
    const because = `goes back to ${version}, which has stood in production: ${names}`;
    // Whoever reverts a retirement, or pins what was retired, brings the model itself back.
    const back = `"${change.name}" comes back with ${version}, which has stood in production: ${names}`;
    const verdict: Verdict = change.isNew
      ? { kind: "first", green: false, because: back, gates: [] }
      : { kind: "return", green: true, because, gates: [] };
    // What is lost is shown; nothing waits for it.
    const [comparison, proposed] = findComparisons(change, facts);
    return answer(verdict, comparison?.error === null ? comparison : undefined, proposed, change, facts);
  }
  const unmatched = findUnmatched(change, facts, options.tree);
  if (unmatched !== undefined) return plain("error", false, unmatched, change, facts);
  if (facts.candidate === undefined) return judgeUnknown(change, facts, options);
  if (change.judge.expect.length > 0 && facts.data === undefined) {
    const because = "its data was not checked by what is expected of it now: say /train --again";
    return plain("error", false, because, change, facts);
  }
  return judgeCandidate(change, facts, options);
}

function sayRetired(name: string, { production }: ModelFacts): string {
  const stands =
    production === undefined
      ? "nothing of it is in production"
      : `${production.standing.version} would be taken from its stages`;
  return `"${name}" vanishes from the config: ${stands}, and its versions stay`;
}

function sayIrregular({ path, mode }: TreeEntry): string {
  return `"${path}" is ${mode === "160000" ? "a submodule" : "a link"}: what a model is judged on has to be plain files`;
}

function judgeUnknown(change: ModelChange, facts: ModelFacts, options: JudgeOptions): ModelAnswer {
  const failure = facts.failures.find(({ model }) => model === change.name);
  if (failure !== undefined) return plain("error", false, failure.message, change, facts);
  if (facts.foreign) {
    return plain(
      "error",
      false,
      "its run happened under a workflow file that the default branch does not carry: change the workflow in a pull request of its own",
      change,
      facts,
    );
  }
  if (options.starts !== undefined) return plain("untrained", false, options.starts, change, facts);
  if (options.expecting) return { kind: "pending", because: "training" };
  return plain(
    "stale",
    false,
    "what would be merged has not been trained: update the branch, or say /train",
    change,
    facts,
  );
}

type Candidate = Extract<ModelChange, { kind: "candidate" }>;

function judgeCandidate(
  change: Candidate,
  facts: ModelFacts,
  options: { expecting: boolean; informational: boolean },
): ModelAnswer {
  const [comparison, proposed] = findComparisons(change, facts);
  if (comparison === undefined || (change.proposed !== undefined && proposed === undefined)) {
    const failure = facts.failures.find(({ model }) => model === change.name);
    if (failure !== undefined) return plain("error", false, failure.message, change, facts);
    if (options.expecting) return { kind: "pending", because: "comparing with production" };
    return plain(
      "error",
      false,
      "could not be compared with production: the job's report is missing, say /train",
      change,
      facts,
    );
  }
  const verdict: Verdict =
    proposed?.error === undefined || proposed.error === null
      ? judgeComparison(change.judge, comparison, facts, options.informational)
      : { kind: "error", green: false, because: `under the evaluation that it proposes: ${proposed.error}`, gates: [] };
  const said = options.informational ? verdict : askAboutPlace(verdict, change, facts);
  return answer(said, comparison, proposed, change, facts);
}

/** A model that comes back, or takes another's place, is judged by gates of its own: people have to say yes (rulings). */
function askAboutPlace(judged: Verdict, { isNew, replaces = [], name }: Candidate, facts: ModelFacts): Verdict {
  if (!isNew || (judged.kind !== "pass" && judged.kind !== "first")) return judged;
  const [other] = replaces;
  const because =
    other !== undefined
      ? `"${name}" appears where "${other}" vanishes, and is judged by gates of its own`
      : facts.production === undefined && !facts.hasHistory
        ? undefined
        : `"${name}" comes back, and is judged by gates of its own`;
  return because === undefined ? judged : { ...judged, kind: "first", green: false, because };
}

/** Candidate and production on the evaluation that decides, and on the proposed one. */
function findComparisons(change: Candidate, facts: ModelFacts): readonly (Comparison | undefined)[] {
  const [candidate, production] = [subjectOfCandidate(facts) ?? "", subjectOfProduction(facts)];
  const inputs = entries(facts.candidate?.run.inputs ?? []);
  const dropped = (exam: Exam): string[] => droppedFiles(exam, inputs, facts.production?.inputs ?? []);
  return examsOf(change).map((exam) => findComparison(facts, exam, candidate, production, dropped(exam)));
}

/** What is known of each window, in the config's order: shown, never judged by. */
export function findWindowComparisons(
  change: ModelChange,
  facts: ModelFacts,
): readonly { name: string; comparison: Comparison }[] {
  if (change.kind !== "candidate" || facts.candidate === undefined) return [];
  const [candidate, production] = [subjectOfCandidate(facts) ?? "", subjectOfProduction(facts)];
  const inputs = entries(facts.candidate.run.inputs);
  return (change.windows ?? []).flatMap(({ name, exam }) => {
    const dropped = droppedFiles(exam, inputs, facts.production?.inputs ?? []);
    const comparison = findComparison(facts, exam, candidate, production, dropped);
    return comparison === undefined ? [] : [{ name, comparison }];
  });
}

/** Applies the base branch's gates to the comparison that decides. */
function judgeComparison(judge: Model, comparison: Comparison, facts: ModelFacts, informational: boolean): Verdict {
  if (comparison.error !== null) return { kind: "error", green: false, because: comparison.error, gates: [] };
  if (comparison.units === 0 && comparison.dropped.length > 0) {
    return {
      kind: "inconclusive",
      green: false,
      because: "no row of the holdout is left: one of the two models was trained on all of it",
      gates: [],
    };
  }
  const first = facts.production === undefined;
  const judged = judgeGates(judge.gates, comparison, { first });
  const verdict: Verdict = { kind: judged.kind, green: judged.green, because: judged.because, gates: judged.gates };
  return informational
    ? { ...verdict, because: `${verdict.because} (for information: the default branch has no config yet)` }
    : verdict;
}

function judgeSettings(
  change: Extract<ModelChange, { kind: "settings" }>,
  facts: ModelFacts,
  options: { expecting: boolean },
): ModelAnswer {
  const production = facts.production;
  const because = change.because ?? "nothing new would ship: the evaluation, the gates or the promotion change";
  if (production === undefined) return plain("settings", true, because, change, facts);
  const find = (exam: Exam): Comparison | undefined =>
    findComparison(
      facts,
      exam,
      computeSubject(production.standing),
      undefined,
      droppedFiles(exam, [], production.inputs ?? []),
    );
  const [old, now] = examsOf(change).map(find);
  const missing = old === undefined || (change.proposed !== undefined && now === undefined);
  if (missing && options.expecting && facts.failures.length === 0)
    return { kind: "pending", because: "measuring production under both evaluations" };
  // Merging what cannot be judged by would leave every later change without a verdict.
  const failure = facts.failures.find(({ model }) => model === change.name);
  // production sits alone here, where a candidate sits otherwise
  const broken = (old?.error ?? now?.error ?? undefined)?.replace(/^Predictions of the candidate/, "Its predictions");
  if (missing || broken !== undefined) {
    const reason = broken ?? failure?.message ?? "the job's report is missing, say /train";
    const error: Verdict = {
      kind: "error",
      green: false,
      because: `production could not be measured under the evaluation: ${reason}`,
      gates: [],
    };
    return answer(error, old, now, change, facts);
  }
  // Production under the gates that hold; the report shows it under the proposed ones besides.
  const { gates } = judgeGates(change.judge.gates, old, { first: true });
  const verdict: Verdict = { kind: "settings", green: true, because, gates };
  return answer(verdict, old, now, change, facts);
}

/** What people may take as it is, where it is not decided. */
export const waitsForAcceptance: ReadonlySet<VerdictKind> = new Set<VerdictKind>(["first", "inconclusive", "retired"]);

/** Somebody's word for exactly this evidence makes green what is not decided, and nothing that is decided against. */
function accept(verdict: Verdict, { acceptance }: ModelFacts): Verdict {
  if (acceptance === undefined || verdict.green || !waitsForAcceptance.has(verdict.kind)) return verdict;
  return { ...verdict, green: true, accepted: { by: acceptance.by, why: acceptance.why } };
}

function plain(
  kind: Verdict["kind"],
  green: boolean,
  because: string,
  change: ModelChange,
  facts: ModelFacts,
): ModelAnswer {
  const gates: readonly GateVerdict[] = [];
  return answer({ kind, green, because, gates }, undefined, undefined, change, facts);
}

function answer(
  verdict: Verdict,
  comparison: Comparison | undefined,
  proposed: Comparison | undefined,
  change: ModelChange,
  facts: ModelFacts,
): ModelAnswer {
  const said = accept(verdict, facts);
  return { kind: "verdict", verdict: said, comparison, proposed, evidence: digestEvidence(change, facts) };
}

function entries(inputs: readonly { path: string; mode: string; blob: string }[]): readonly TreeEntry[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the record's schema has checked the object ids
  return inputs as readonly TreeEntry[];
}
