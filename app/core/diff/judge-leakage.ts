import type { Leakage } from "./data-diff.ts";

/**
 * Whether rows of the holdout are in the training data by more than chance. A table of few columns with few values
 * repeats itself: where a share `twins` of the training rows has an equal among the others, about that share of honest
 * holdout rows has one there too. An id is a leak whatever the values are.
 */
export function judgeLeakage(found: Omit<Leakage, "byChance" | "leaks"> & { twins: number }): Leakage {
  const { holdoutRows, byId, byContent, twins } = found;
  const counts = { holdoutRows, byId, byContent, byChance: holdoutRows * twins };
  return { ...counts, leaks: (byId ?? 0) > 0 || exceedsChance(counts) };
}

/** Whether equal content is more than chance brings: by four standard deviations of a binomial count. */
export function exceedsChance({ holdoutRows, byContent, byChance }: Omit<Leakage, "leaks">): boolean {
  const variance = holdoutRows === 0 ? 0 : byChance * (1 - byChance / holdoutRows);
  return (byContent ?? 0) > byChance + 4 * Math.sqrt(Math.max(0, variance));
}
