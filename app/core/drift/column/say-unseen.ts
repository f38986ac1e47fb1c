import { findUnseenLevels } from "#core/statistics/unseen-levels.ts";
import type { LevelPair } from "./pair-levels.ts";
import { sayLevel } from "./say-move.ts";
import { sayShare } from "./say-amount.ts";

/** `new: "tv" in 3.0 % of the rows, where sampling alone brings 0.0 %`; empty where there is none. */
export function sayUnseen({ reference, current, totals, sampled }: LevelPair, side: "new" | "gone"): string {
  const [n, m] = totals;
  const [known, seen, before, now] = side === "new" ? [reference, current, n, m] : [current, reference, m, n];
  const { levels, rows, expected } = findUnseenLevels(known, seen, before, now);
  if (levels === 0) return "";
  const [first] = [...seen].filter(([level]) => !known.has(level)).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const more = levels - 1;
  const named = `${sayLevel(first?.[0] ?? "")}${more > 0 ? ` and ${more} more` : ""}`;
  const share = (of: number): string => sayShare(of / sampled / now);
  return `${side}: ${named} with ${share(rows)} of the rows${side === "gone" ? " before" : ""} (chance alone: ${share(expected)})`;
}
