import type { Comparison } from "#core/evidence.ts";
import type { Verdict } from "#core/gate/verdict.ts";
import type { ModelName, Version } from "#core/names.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import type { ModelAnswer } from "#core/plan/judge-model.ts";
import { subjectOfRun } from "#core/identity/subject.ts";
import { subjectOfCandidate, type ModelFacts } from "#core/plan/model-facts.ts";
import { planModel } from "#core/plan/plan-model.ts";
import type { Standing } from "#core/registry/registry.ts";

/** The last verdict on what was merged, for this model and recipe, and whose word made it green. */
export type MergedReview = {
  pull: number;
  green: boolean;
  verdict: Verdict["kind"];
  artifact: string | null;
  /** when it was said */
  at: string;
  accepted?: { by: string; why: string } | undefined;
};

/** A person's word for exactly one waiting subject, and the stage that it waits for. */
export type Approval = {
  model: ModelName;
  /** the first digits of the subject's digest; undefined: whatever waits */
  subject: string | undefined;
  stage?: string | undefined;
  by: string;
  why: string;
};

/** One stage of the newest head's config. */
export type StageFacts = {
  stage: string;
  standing: Standing | undefined;
  /** the config named this stage only after that version was registered: the stage starts there */
  startsAt: Standing | undefined;
  /** is everything said that a move has to say? A process may have ended right behind its tag */
  settled: boolean;
  /** has the version of the recipe that is asked for stood here? */
  held: boolean;
};

/** What the newest head of the default branch asks for one model (laws 1 and 2). */
export type Decision =
  | { kind: "current"; name: ModelName }
  /** what stands under the name that it had goes on under the new one */
  | { kind: "rename"; name: ModelName; moves: readonly Standing[] }
  /** stages that are new start where the one before them stands */
  | { kind: "grow"; name: ModelName; moves: readonly { stage: string; from: Standing }[] }
  /** moves that were made and not said */
  | { kind: "finish"; name: ModelName; moves: readonly Standing[] }
  | {
      kind: "promote";
      name: ModelName;
      artifact: string;
      recipe: string;
      registered: Version | undefined;
      stages: readonly string[];
      pull: number | undefined;
      by: string | undefined;
      why: string;
    }
  | { kind: "work"; name: ModelName; because: string }
  /** `stage`: where /promote would let it go; `stands`: the stage before, where it stands already */
  | {
      kind: "wait";
      name: ModelName;
      verdict: Verdict;
      comparison: Comparison | undefined;
      /** who waits: bytes, as their recipe asks them */
      subject: string;
      artifact: string;
      stage: string;
      stands: Standing | undefined;
      because: string;
    }
  | { kind: "blocked"; name: ModelName; verdict: Verdict; comparison: Comparison | undefined };

export type Question = {
  change: Extract<ModelChange, { kind: "candidate" }>;
  facts: ModelFacts;
  /** in the order of the config, at least one */
  stages: readonly StageFacts[];
  answer: ModelAnswer;
  /** oldest first */
  reviews: readonly MergedReview[];
  /** what still stands under the name that the model had; undefined where nothing is left to do or to say there */
  oldName: readonly Standing[] | undefined;
  /** two green pull requests met here, and the config lets a pass through (`combinations: gate`) */
  combination: boolean;
  approval: Approval | undefined;
};

/** What a word may let go on; a version that is back goes on to stages that it never held by a word, too. */
const waitsForPeople = new Set<Verdict["kind"]>(["pass", "first", "inconclusive", "retired", "return"]);

/**
 * Decides by the facts alone. A review lets a version enter the first stage, a going back returns it to every stage that
 * it held, and a word lets it go on to the next. What nobody reviewed is judged first, and then waits.
 */
export function decide(question: Question): Decision {
  const { change, facts, answer, approval } = question;
  const { name } = change;
  if (facts.productionProblem === undefined) {
    const known = decideByStages(question) ?? decideByReview(question);
    if (known !== undefined) return known;
  }
  const expired = waitsExpired(question);
  if (expired !== undefined) return expired;
  if (answer.kind === "pending") return { kind: "work", name, because: answer.because };
  const { verdict, comparison } = answer;
  if (verdict.kind === "stale") return { kind: "work", name, because: "its recipe has not been trained" };
  if (isUncompared(question)) return { kind: "work", name, because: "it has not been compared with production" };
  const artifact = facts.candidate?.run.artifact.sha256;
  const subject = subjectOfCandidate(facts);
  if (artifact === undefined || subject === undefined || !waitsForPeople.has(verdict.kind))
    return { kind: "blocked", name, verdict, comparison };
  const next = behind(question)[0];
  const stage = next?.stage ?? "production";
  const stands = question.stages.findLast(({ standing }) => standing?.recipe === change.merged.recipe)?.standing;
  if (approval !== undefined && allows(approval, name, subject, stage)) {
    const why = approval.why === "" ? `approved by ${approval.by}` : approval.why;
    return promote(question, artifact, [stage], { why, pull: stands?.pull ?? undefined, by: approval.by });
  }
  if (question.combination && verdict.kind === "pass" && isEntering(question)) {
    return promote(question, artifact, [stage], {
      why: "two reviewed pull requests met, and their combination passes",
    });
  }
  const because =
    stands === undefined
      ? "nobody reviewed exactly this"
      : `${stands.version} stands at "${stands.stage}", and goes on to "${stage}" when somebody says so`;
  return { kind: "wait", name, verdict, comparison, subject, artifact, stage, stands, because };
}

/**
 * What waits and whose bytes can no longer be had goes on waiting (rulings, "Waiting"): it is trained again only when a
 * word asks for it, and waits once more. What was reviewed and is gone before it could ship is trained at once (law 2).
 */
function waitsExpired(question: Question): Decision | undefined {
  const { change, facts, reviews, approval } = question;
  const { expired } = facts;
  if (expired === undefined || facts.productionProblem !== undefined) return undefined;
  const { source } = expired;
  const isOnDefault = source.kind === "workflow" && source.pull === null;
  if (!isOnDefault && reviews.at(-1)?.green === true) return undefined;
  const { name } = change;
  const subject = subjectOfRun(expired);
  const stage = behind(question)[0]?.stage ?? "production";
  if (approval !== undefined && allows(approval, name, subject, stage))
    return { kind: "work", name, because: `${approval.by} asked for it to be trained again` };
  const because = "the bytes of its run can no longer be had: /promote has it trained again, and it waits once more";
  const verdict: Verdict = { kind: "untrained", green: false, because, gates: [] };
  const artifact = expired.artifact.sha256;
  return { kind: "wait", name, verdict, comparison: undefined, subject, artifact, stage, stands: undefined, because };
}

/** What the stages alone ask for, whatever was reviewed. */
function decideByStages({ change, stages, oldName }: Question): Decision | undefined {
  const { name } = change;
  const { recipe } = change.merged;
  if (oldName !== undefined) return { kind: "rename", name, moves: oldName };
  const moves = stages.flatMap(({ stage, startsAt }) => (startsAt === undefined ? [] : [{ stage, from: startsAt }]));
  if (moves.length > 0) return { kind: "grow", name, moves };
  const unsaid = stages.flatMap(({ standing, settled }) =>
    standing === undefined || standing.recipe !== recipe || settled ? [] : [standing],
  );
  if (unsaid.length > 0) return { kind: "finish", name, moves: unsaid };
  // A pin asks for what serves: what stands before the last stage may go its own way meanwhile.
  const asked = change.pin === undefined ? stages : stages.slice(-1);
  if (asked.every(({ standing }) => standing?.recipe === recipe)) return { kind: "current", name };
  return undefined;
}

/** Bytes that were gone before the merge were trained again on the default branch: that training nobody reviewed. */
function isTrainedAfterMerge({ candidate, registered }: ModelFacts, review: MergedReview): boolean {
  const source = candidate?.run.source;
  const isOnDefault = source?.kind === "workflow" && source.pull === null && source.event !== "merge_group";
  return registered === undefined && isOnDefault && (candidate?.run.at ?? "") > review.at;
}

/** What may move without a word of anybody: a going back, and what was reviewed. */
function decideByReview(question: Question): Decision | undefined {
  const { facts, reviews } = question;
  const artifact = facts.candidate?.run.artifact.sha256;
  if (artifact === undefined) return undefined;
  const open = behind(question);
  const returning = open.filter(({ held }) => held).map(({ stage }) => stage);
  // The last word on what was merged counts: a green one from before does not outweigh a red one.
  const newest = reviews.findLast(({ verdict }) => verdict !== "retired");
  const green =
    newest?.green === true && newest.artifact === artifact && !isTrainedAfterMerge(facts, newest) ? newest : undefined;
  // Where nothing stands any more, the model itself would come back: that takes a word.
  const serves = question.stages.some(({ standing }) => standing !== undefined);
  if (facts.goesBackTo !== undefined && returning.length > 0 && serves) {
    const pull = reviews.find((review) => review.green)?.pull;
    return promote(question, artifact, returning, { why: facts.goesBackTo.names, pull });
  }
  if (green === undefined) return undefined;
  const { pull, accepted } = green;
  const said = accepted === undefined || accepted.why === "" ? "" : `: ${accepted.why}`;
  const why = accepted === undefined ? `reviewed in #${pull}` : `accepted in #${pull} by ${accepted.by}${said}`;
  const by = accepted?.by;
  if (green.verdict === "return" && returning.length > 0)
    return promote(question, artifact, returning, { why, pull, by });
  const first = question.stages[0]?.stage;
  return isEntering(question) && first !== undefined
    ? promote(question, artifact, [first], { why, pull, by })
    : undefined;
}

/** Trained, and nobody has tried to compare it with what is in production now: that is work to do, and no verdict. */
function isUncompared({ change, facts, answer }: Question): boolean {
  if (answer.kind === "pending" || answer.verdict.kind !== "error" || answer.comparison !== undefined) return false;
  if (facts.candidate === undefined || facts.productionProblem !== undefined) return false;
  const failed = facts.failures.some(({ model }) => model === change.name);
  const bad = facts.data?.expectations.some(({ kind }) => kind !== "pass") ?? false;
  return !failed && !bad && planModel(change, facts, { train: false }).comparisons.length > 0;
}

/** Is this word about exactly what waits? */
export function allows(approval: Approval, name: ModelName, subject: string, stage: string): boolean {
  return (
    approval.model === name &&
    (approval.subject === undefined || subject.startsWith(approval.subject)) &&
    (approval.stage === undefined || approval.stage === stage)
  );
}

function behind({ change, stages }: Question): readonly StageFacts[] {
  return stages.filter(({ standing }) => standing?.recipe !== change.merged.recipe);
}

function isEntering(question: Question): boolean {
  return question.stages[0]?.standing?.recipe !== question.change.merged.recipe;
}

function promote(
  { change, facts }: Question,
  artifact: string,
  stages: readonly string[],
  said: { why: string; pull?: number | undefined; by?: string | undefined },
): Decision {
  const { recipe } = change.merged;
  const { why, pull, by } = said;
  return { kind: "promote", name: change.name, artifact, recipe, registered: facts.registered, stages, pull, by, why };
}
