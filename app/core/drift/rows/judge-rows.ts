import type { DriftLevel, DriftMultivariate } from "#core/drift/drift-record.ts";
import { driftThresholds } from "#core/drift/thresholds.ts";
import { sayP } from "#core/drift/column/judge-column.ts";
import { estimateAuc, placeScores } from "#core/statistics/intervals/auc.ts";
import { normalTail } from "#core/statistics/tails/normal-tail.ts";
import { binRows, type Rows } from "./bin-rows.ts";
import { growTrees } from "./grow-trees.ts";

const folds = 5;
/** AUC from which rows are told apart well enough to look, and to worry */
const bars = { warn: 0.55, fail: 0.65 } as const;

/**
 * How well a classifier tells current rows from those of the reference: 0.5 not at all, 1 always. Each row is scored by
 * trees that have not seen it (5 folds by place, so the answer is the same each time). It sees what no column shows by
 * itself: that two columns do not go together as they did.
 */
export function judgeRows(reference: Rows, current: Rows): DriftMultivariate {
  const [n, m] = [countRows(reference), countRows(current)];
  const features = binRows(reference, current);
  const labels = Uint8Array.from({ length: n + m }, (_, row) => (row < n ? 0 : 1));
  const least = driftThresholds.leastRows;
  if (Math.min(n, m) < least) {
    const auc = { point: null, low: null, high: null, n: n + m };
    return {
      auc,
      rows: n + m,
      level: "unknown",
      columns: [],
      because: `rows together: not enough data, ${n} and ${m} rows, each side needs ${least}`,
    };
  }
  const scores = new Float64Array(n + m);
  const gains = new Map<string, number>();
  for (let fold = 0; fold < folds; fold++) {
    const rows = Uint32Array.from({ length: n + m }, (_, row) => row).filter((row) => row % folds !== fold);
    const trees = growTrees(features, labels, rows);
    for (let row = fold; row < n + m; row += folds) scores[row] = trees.score(row);
    for (const [column, gain] of trees.gains) gains.set(column, (gains.get(column) ?? 0) + gain);
  }
  const { point, low, high } = estimateAuc(placeScores(labels, scores));
  // the Mann-Whitney test's normal law, with no difference between the sides
  const p = normalTail((point - 0.5) / Math.sqrt((n + m + 1) / (12 * n * m)));
  const level = levelOf(point, p);
  const total = [...gains.values()].reduce((sum, gain) => sum + gain, 0);
  const columns = [...gains]
    .map(([column, gain]) => ({ column: column.slice(0, 1_000), share: gain / total }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 5);
  const said =
    level === "quiet"
      ? "cannot tell the two sides apart"
      : `tells the two sides apart, most by ${columns
          .slice(0, 3)
          .map(({ column }) => `"${column.slice(0, 60)}"`)
          .join(", ")}`;
  return {
    auc: { point, low, high, n: n + m },
    rows: n + m,
    level,
    columns,
    because:
      `rows together: a classifier ${said}: AUC ${point.toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}, warns at ${bars.warn}), p ${sayP(p)}`.slice(
        0,
        1_000,
      ),
  };
}

const countRows = (rows: Rows): number => rows.values().next().value?.length ?? 0;

function levelOf(auc: number, p: number): DriftLevel {
  if (!(p <= driftThresholds.adjustedP)) return "quiet";
  return auc >= bars.fail ? "fail" : auc >= bars.warn ? "warn" : "info";
}
