import type { Recipe } from "#core/names.ts";
import type { Model } from "#core/config/config.ts";
import type { Ports } from "#core/ports.ts";
import type { MergedReview } from "#core/promotion/decide.ts";
import type { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import type { ModelRegistry } from "./read-registry.ts";

/**
 * Verdicts for this recipe that were merged into this branch, oldest first: of a pull request with exactly the head that
 * they were said about, or of a group of a merge queue with exactly the commit that it became. A review moves its
 * version once: what stood at a stage and was replaced comes back by a revert, or is reviewed again.
 */
export async function readReviews(
  ports: Pick<Ports, "pulls">,
  look: { evidence: EvidenceReader; registry: ModelRegistry; branch: string },
  { name, promote }: Model,
  recipe: Recipe,
): Promise<readonly MergedReview[]> {
  const { evidence, registry, branch } = look;
  const reviews = await evidence.reviews(name, recipe);
  if (reviews.length === 0) return [];
  const registered = await registry.ofRecipe(recipe);
  const [first = ""] = promote.stages;
  const { standing } = await registry.standing(first);
  const isBack = registered !== undefined && standing?.recipe !== recipe;
  const used = isBack ? (await registry.history(first)).filter((held) => held.recipe === recipe) : [];
  const merged: MergedReview[] = [];
  for (const review of reviews.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    // oxlint-disable-next-line no-await-in-loop -- as many as pull requests made this very recipe: nearly always one
    const pull = await ports.pulls.get(review.pull);
    const isHead = (review.group === true ? pull.mergeCommit : pull.head.sha) === review.head;
    const isUsed = used.some((held) => held.pull === review.pull);
    if (!pull.merged || pull.base.ref !== branch || !isHead || isUsed) continue;
    const { green, verdict, artifact, accepted, at } = review;
    merged.push({ pull: review.pull, green, verdict, artifact, at, accepted });
  }
  return merged;
}
