import { jensenShannon } from "#core/statistics/jensen-shannon.ts";
import { sayCount } from "#core/gate/say-estimate.ts";
import { driftThresholds, type ColumnRole, type ColumnLimits } from "#core/drift/thresholds.ts";
import type { ColumnFinding } from "./column-finding.ts";
import type { ColumnPair } from "./pair-columns.ts";
import { pairLevels } from "./pair-levels.ts";
import { pairNumbers, type NumberPair } from "./pair-numbers.ts";
import { describeRate, sayRate } from "./rate.ts";
import { sayLevels, sayNumbers } from "./say-move.ts";
import { sayShare } from "./say-amount.ts";
import { sayUnseen } from "./say-unseen.ts";
import { testLevels } from "./test-levels.ts";
import { countMissing, testMissing } from "./test-missing.ts";
import { testShape } from "./test-shape.ts";

export type ColumnOrder = { kind: "numeric" | "categorical"; role: ColumnRole; own: ColumnLimits | undefined };

/** All that can be said of one column by itself. Fewer than 100 values a side are tested for missing ones only. */
export function testColumn(pair: ColumnPair, { kind, role, own }: ColumnOrder): ColumnFinding {
  const missing = testMissing(pair, own);
  const says = { missing: () => sayMissing(pair) };
  const [reference, current] = [countRows(pair, 0), countRows(pair, 1)];
  const base = { column: pair.name, kind, role, rows: { reference, current } };
  const [n, m] = [reference.values, current.values];
  if (Math.min(n, m) < driftThresholds.leastRows) {
    const unknown = `${sayCount(n)} values in the reference, ${sayCount(m)} now, and each side needs ${driftThresholds.leastRows}`;
    return { ...base, tests: missing, moved: [], says, unknown };
  }
  const levels = kind === "categorical" ? pairLevels(pair.sides) : undefined;
  if (levels !== undefined) {
    const { says: values, moved } = sayLevels(levels);
    const rate = role === "feature" ? undefined : describeRate(levels);
    return {
      ...base,
      tests: [...testLevels(levels, role, own), ...missing],
      moved,
      says: {
        ...says,
        values: () => (rate === undefined ? values : sayRate(rate)),
        "new-levels": () => sayUnseen(levels, "new"),
        "missing-levels": () => sayUnseen(levels, "gone"),
      },
      unknown: undefined,
      jensenShannon: jensenShannon(levels.mix),
      rate,
    };
  }
  const numbers = numbersOf(pair);
  if (numbers === undefined)
    return { ...base, tests: missing, moved: [], says, unknown: "the two sides hold different things" };
  const { says: values, moved } = sayNumbers(numbers, pair.sides[0].type === "time");
  return {
    ...base,
    tests: [...testShape(numbers, role, own), ...missing],
    moved,
    says: { ...says, values: () => values },
    unknown: undefined,
  };
}

function countRows({ sides, rows }: ColumnPair, side: 0 | 1): { values: number; missing: number } {
  const missing = countMissing(sides[side]);
  return { values: rows[side] - missing, missing };
}

function numbersOf({ sides }: ColumnPair): NumberPair | undefined {
  const [a, b] = sides;
  if (!("numbers" in a) || !("numbers" in b)) return undefined;
  return pairNumbers([a.numbers, b.numbers], (a.type === "float32") !== (b.type === "float32"));
}

function sayMissing({ sides, rows }: ColumnPair): string {
  const [x = 0, y = 0] = sides.map((side, index) => countMissing(side) / (rows[index] ?? NaN));
  return x === y ? "" : `without a value ${sayShare(x)} → ${sayShare(y)}`;
}
