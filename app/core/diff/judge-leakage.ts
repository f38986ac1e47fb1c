import type { Leakage } from "./data-diff.ts";

/**
 * Whether rows of the holdout are in the training data by more than chance. A table of few columns with few values
 * repeats itself: where a share `twins` of the training rows has an equal among the others, about that share of honest
 * holdout rows has one there too. What exceeds it by four standard deviations of a binomial count is a leak; an id is one
 * whatever the values are.
 */
export function judgeLeakage(found: Omit<Leakage, "byChance" | "leaks"> & { twins: number }): Leakage {
  const { holdoutRows, byId, byContent, twins } = found;
  const byChance = holdoutRows * twins;
  const most = byChance + 4 * Math.sqrt(byChance * (1 - twins));
  return { holdoutRows, byId, byContent, byChance, leaks: (byId ?? 0) > 0 || (byContent ?? 0) > most };
}
