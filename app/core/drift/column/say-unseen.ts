import { findUnseenLevels } from "#core/statistics/unseen-levels.ts";
import type { LevelPair } from "./pair-levels.ts";
import { sayLevel } from "./say-move.ts";
import { sayShare } from "./say-amount.ts";

/** `new: "tv" in 3.0 % of the rows, where sampling alone brings 0.0 %`; empty where there is none. */
export function sayUnseen({ counts, totals, sampled }: LevelPair, side: "new" | "gone"): string {
  const [n, m] = totals;
  const [known, seen, before, now] =
    side === "new" ? [counts.first, counts.second, n, m] : [counts.second, counts.first, m, n];
  const { levels, rows, expected } = findUnseenLevels(known, seen, before, now);
  if (levels === 0) return "";
  const [first] = counts.levels
    .flatMap((level, index) => (known[index] === 0 ? [{ level, rows: seen[index] ?? 0 }] : []))
    .sort((a, b) => b.rows - a.rows || (a.level < b.level ? -1 : 1));
  const more = levels - 1;
  const named = `${sayLevel(first?.level ?? "")}${more > 0 ? ` and ${more} more` : ""}`;
  const share = (of: number): string => sayShare(of / sampled / now);
  return `${side}: ${named} with ${share(rows)} of the rows${side === "gone" ? " before" : ""} (chance alone: ${share(expected)})`;
}
