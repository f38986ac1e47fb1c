import { canonicalJson, digest, type Json } from "#core/canonical.ts";
import type { ModelChange } from "./changes.ts";
import { subjectOfCandidate, subjectOfProduction, type ModelFacts } from "./model-facts.ts";

/** What a verdict stands on (rulings, "Evidence"): who answers for both sides, both evaluations, both gates. */
export function digestEvidence(change: ModelChange, facts: ModelFacts): string {
  const exam = "exam" in change ? change.exam.evaluation : null;
  const proposed = "proposed" in change ? (change.proposed?.evaluation ?? null) : null;
  const gates = "judge" in change ? JSON.stringify([change.judge.gates, change.merged.model.gates]) : null;
  const facts_: Json = {
    model: change.name,
    candidate: subjectOfCandidate(facts) ?? facts.goesBackTo?.version ?? null,
    exam,
    proposed,
    gates,
    production: subjectOfProduction(facts) ?? null,
    baseline: facts.baseline?.digest ?? null,
  };
  return digest(canonicalJson(facts_));
}
