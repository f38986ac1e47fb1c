import { compareMixes } from "#core/statistics/cramers-v.ts";
import { findUnseenLevels } from "#core/statistics/unseen-levels.ts";
import { barOf, type ColumnRole, type ColumnLimits } from "#core/drift/thresholds.ts";
import type { DriftTest } from "./column-finding.ts";
import type { LevelPair } from "./pair-levels.ts";

/** The mix of levels, and the rows of levels that one side alone has beyond what sampling brings. */
export function testLevels(pair: LevelPair, role: ColumnRole, own: ColumnLimits | undefined): DriftTest[] {
  const { counts, totals, mix, sampled } = pair;
  const [n, m] = totals;
  const { v, p } = compareMixes(mix);
  const unseen = (
    name: "new-levels" | "missing-levels",
    of: number,
    found: { rows: number; expected: number; p: number },
  ): DriftTest => ({
    name,
    effect: Math.max(0, found.rows - found.expected) / sampled / of,
    p: found.p,
    ...barOf(name, role, own),
  });
  return [
    { name: "cramers-v", effect: v, p, ...barOf("cramers-v", role, own) },
    unseen("new-levels", m, findUnseenLevels(counts.first, counts.second, n, m)),
    unseen("missing-levels", n, findUnseenLevels(counts.second, counts.first, m, n)),
  ];
}
