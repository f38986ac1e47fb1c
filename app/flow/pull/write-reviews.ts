import { reviewSchema, type Review } from "#core/evidence.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import type { ModelFacts } from "#core/plan/model-facts.ts";
import type { Ports } from "#core/ports.ts";
import { evidencePath, readRecord, writeRecord } from "#flow/evidence/evidence-reader.ts";
import type { JudgedModel } from "./reconcile-pull.ts";

/** What was judged: a pull request's head, or the group of a merge queue that it is at the end of. */
export type Reviewed = { pull: number; head: string; base: string; group?: true; ofFork?: boolean };

/** What the last verdict on it was, model by model; `stale` and models that nothing was asked about leave no trace. */
export async function writeReviews(
  ports: Pick<Ports, "evidence" | "now">,
  { ofFork = false, ...reviewed }: Reviewed,
  models: readonly JudgedModel[],
): Promise<void> {
  const files = new Map<string, string>();
  for (const { change, answer: model, observed } of models) {
    if (model.kind !== "verdict" || model.verdict.kind === "stale") continue;
    const recipe = recipeOf(change, observed.facts);
    if (recipe === undefined) continue;
    const { accepted } = model.verdict;
    const review: Review = {
      schema: "trainyard/review/1",
      model: change.name,
      recipe,
      ...reviewed,
      verdict: model.verdict.kind,
      green: model.verdict.green,
      because: model.verdict.because.slice(0, 4_000),
      evidence: model.evidence,
      // A fork's verdict is by its own word: it is shown, and lets no bytes ship.
      artifact: ofFork ? null : (observed.facts.candidate?.run.artifact.sha256 ?? null),
      ...(accepted === undefined ? {} : { accepted }),
      at: ports.now().toISOString(),
    };
    const path = evidencePath.review(review);
    // oxlint-disable-next-line no-await-in-loop -- one read a model that changed
    const known = readRecord(await ports.evidence.read(path), reviewSchema);
    if (known === undefined || !sameReview(known, review)) files.set(path, writeRecord(review));
  }
  const { pull, head } = reviewed;
  if (files.size > 0) await ports.evidence.write(files, `Record the verdict on #${pull} at ${head.slice(0, 12)}`);
}

/** What a verdict on it would let ship, or be taken away; undefined where nothing would move. */
function recipeOf(change: ModelChange, { production }: ModelFacts): string | undefined {
  if (change.kind === "candidate") return change.merged.recipe;
  return change.kind === "retired" ? production?.standing.recipe : undefined;
}

function sameReview(a: Review, b: Review): boolean {
  return JSON.stringify({ ...a, at: "", base: "" }) === JSON.stringify({ ...b, at: "", base: "" });
}
