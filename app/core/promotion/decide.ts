import type { Comparison } from "#core/evidence.ts";
import type { Verdict } from "#core/gate/verdict.ts";
import type { ModelName, Version } from "#core/names.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import type { ModelAnswer } from "#core/plan/judge-model.ts";
import type { ModelFacts } from "#core/plan/model-facts.ts";

/** A merged pull request's last verdict for this model and recipe. */
export type MergedReview = { pull: number; green: boolean; verdict: Verdict["kind"]; artifact: string | null };

/** A person's word for exactly one waiting artifact. */
export type Approval = { model: ModelName; artifact: string | undefined; by: string; why: string };

/** What the newest head of the default branch asks for one model (laws 1 and 2). */
export type Decision =
  | { kind: "current"; name: ModelName }
  | { kind: "promote"; name: ModelName; artifact: string; recipe: string; registered: Version | undefined; pull: number | undefined; by: string | undefined; why: string }
  | { kind: "work"; name: ModelName; because: string }
  | { kind: "wait"; name: ModelName; verdict: Verdict; comparison: Comparison | undefined; artifact: string; because: string }
  | { kind: "blocked"; name: ModelName; verdict: Verdict; comparison: Comparison | undefined };

const waitsForPeople = new Set<Verdict["kind"]>(["pass", "first", "inconclusive", "retired"]);

/** Decides by the facts alone. What nobody reviewed is judged first, and then waits for `/promote`. */
export function decide(question: {
  change: Extract<ModelChange, { kind: "candidate" }>;
  facts: ModelFacts;
  answer: ModelAnswer;
  reviews: readonly MergedReview[];
  /** two green pull requests met here, and the config lets a pass through (`combinations: gate`) */
  combination: boolean;
  approval: Approval | undefined;
}): Decision {
  const { change, facts, answer, reviews, approval } = question;
  const { name } = change;
  const { recipe } = change.merged;
  const production = facts.production?.standing;
  if (production?.recipe === recipe) return { kind: "current", name };
  const promote = (artifact: string, why: string, pull?: number, by?: string): Decision => ({
    kind: "promote",
    name,
    artifact,
    recipe,
    registered: facts.registered,
    pull,
    by,
    why,
  });
  if (facts.productionProblem === undefined && facts.goesBackTo !== undefined && facts.candidate !== undefined) {
    return promote(facts.candidate.run.artifact.sha256, facts.goesBackTo.names, reviews.find(({ green }) => green)?.pull);
  }
  const reviewed = reviews.find((review) => review.green && (review.artifact === null || review.artifact === facts.candidate?.run.artifact.sha256));
  if (facts.productionProblem === undefined && facts.candidate !== undefined && reviewed !== undefined) {
    return promote(facts.candidate.run.artifact.sha256, `reviewed in #${reviewed.pull}`, reviewed.pull);
  }
  if (answer.kind === "pending") return { kind: "work", name, because: answer.because };
  const { verdict, comparison } = answer;
  if (verdict.kind === "stale") return { kind: "work", name, because: "its recipe has not been trained" };
  const artifact = facts.candidate?.run.artifact.sha256;
  if (artifact === undefined || !waitsForPeople.has(verdict.kind)) return { kind: "blocked", name, verdict, comparison };
  if (approval !== undefined && approval.model === name && (approval.artifact === undefined || artifact.startsWith(approval.artifact))) {
    return promote(artifact, approval.why === "" ? `approved by ${approval.by}` : approval.why, undefined, approval.by);
  }
  if (question.combination && verdict.kind === "pass") return promote(artifact, "two reviewed pull requests met, and their combination passes");
  return { kind: "wait", name, verdict, comparison, artifact, because: "nobody reviewed exactly this" };
}
