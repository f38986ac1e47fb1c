import type { Ports } from "#core/ports.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import type { ObservedPull } from "#flow/observe/observe-pull.ts";
import type { PullAnswer } from "./reconcile-pull.ts";

const because = "its last verdict was green, and the merge queue judges what comes of it";

/**
 * Where a merge queue merges, a stale pull request whose last verdict was green may enter it (rulings, "Merge queue"):
 * its group is trained and judged by itself. All else stays as it is.
 */
export async function excuseStale(
  ports: Pick<Ports, "repository" | "evidence">,
  answer: PullAnswer,
): Promise<PullAnswer> {
  const { observed, models } = answer;
  const { pull, outcome } = observed;
  const stale = models.filter((model) => model.answer.kind === "verdict" && model.answer.verdict.kind === "stale");
  if (outcome.kind !== "stale" && stale.length === 0) return answer;
  const named = stale.map(({ change }) => change.name);
  const reviews = await readLast(ports, observed, named);
  const isGreen = reviews.length > 0 && named.every((name) => reviews.some(({ model }) => model === name));
  if (!isGreen || reviews.some(({ green }) => !green) || !(await ports.repository.hasQueue(pull.base.ref)))
    return answer;
  if (outcome.kind === "stale")
    return {
      ...answer,
      observed: { ...observed, outcome: { ...outcome, queued: true, because: `${outcome.because}; ${because}` } },
    };
  return {
    ...answer,
    models: models.map((model) => {
      if (!stale.includes(model) || model.answer.kind !== "verdict") return model;
      const { verdict } = model.answer;
      return { ...model, answer: { ...model.answer, verdict: { ...verdict, green: true, because } } };
    }),
  };
}

/** The last verdict that was not stale on this head, for each of these models, or for all that it was asked about. */
async function readLast(
  ports: Pick<Ports, "evidence">,
  { pull }: ObservedPull,
  names: readonly string[],
): Promise<readonly { model: string; green: boolean }[]> {
  const reviews = await new EvidenceReader(ports.evidence).reviewsOfHead(pull.number, pull.head.sha);
  const newest = new Map(reviews.toSorted((a, b) => (a.at < b.at ? -1 : 1)).map((review) => [review.model, review]));
  return [...newest.values()].filter(({ model }) => names.length === 0 || names.includes(model));
}
