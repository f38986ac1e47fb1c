export type UnseenLevels = {
  /** levels of the second sample that the first has not */
  levels: number;
  /** rows in them */
  rows: number;
  /** rows in such levels that sampling alone brings, were both drawn from one population */
  expected: number;
  /** how likely as many rows are then: an upper bound */
  p: number;
};

/**
 * Rows of levels that only the second sample has, against what chance brings when all rows of both are dealt out anew:
 * a level of c rows falls wholly to the second side with probability h(c) = m(m−1)…/(n+m)(n+m−1)…, so a level seen once
 * is new half of the time where both are equally large (Good and Turing's argument, by both sides' counts). The rows
 * come in lumps of whole levels, where a normal law says far too little; such deals are negatively associated (Joag-Dev
 * & Proschan 1983), so Chernoff's bound over independent levels holds for them. Counts are rows by level, of the same
 * levels at the same places; `n` and `m` the rows of each side.
 */
export function findUnseenLevels(first: Float64Array, second: Float64Array, n: number, m: number): UnseenLevels {
  /** by pooled count of a level, how many levels */
  const sizes = new Map<number, number>();
  let [levels, rows] = [0, 0];
  for (let index = 0; index < first.length; index++) {
    const [before, count] = [first[index] ?? 0, second[index] ?? 0];
    sizes.set(count + before, (sizes.get(count + before) ?? 0) + 1);
    if (before > 0 || count === 0) continue;
    levels++;
    rows += count;
  }
  const lumps = dealOut(sizes, n, m);
  const expected = lumps.reduce((sum, { size, times, chance }) => sum + size * times * chance, 0);
  return { levels, rows, expected, p: rows <= expected ? 1 : boundTail(lumps, rows) };
}

type Lump = { size: number; times: number; chance: number };

/** Rows that are dealt one by one; more at once go in as many equal steps. */
const singleSteps = 10_000;
/** A chance below this adds nothing that could be seen. */
const leastChance = 1e-100;

/** With the chance that all rows of a level of that size fall to the second side. */
function dealOut(sizes: ReadonlyMap<number, number>, n: number, m: number): Lump[] {
  let [chance, dealt] = [1, 0];
  return [...sizes]
    .sort(([a], [b]) => a - b)
    .map(([size, times]) => {
      const width = Math.max(1, (size - dealt) / singleSteps);
      for (; dealt < size && chance > 0; dealt += width) {
        // in a wider step all rows have the chance of the one in its middle
        const middle = dealt + (width - 1) / 2;
        const one = Math.max(0, m - middle) / (n + m - middle);
        chance *= width === 1 ? one : one ** width;
        if (chance < leastChance) chance = 0;
      }
      dealt = size;
      return { size, times, chance };
    });
}

/** min over t of E exp(t·U) / exp(t·rows): a convex function of t, searched for its least. */
function boundTail(lumps: readonly Lump[], rows: number): number {
  const exponent = (t: number): number =>
    lumps.reduce((sum, { size, times, chance }) => sum + times * logMoment(size * t, chance), 0) - t * rows;
  let [low, high] = [0, 1];
  while (high < 1_000 && exponent(high * 2) < exponent(high)) high *= 2;
  high *= 2;
  for (let step = 0; step < 80; step++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (exponent(a) < exponent(b)) high = b;
    else low = a;
  }
  return Math.min(1, Math.exp(exponent((low + high) / 2)));
}

/** ln(1 − h + h·e^s), for any s. */
function logMoment(s: number, chance: number): number {
  if (chance === 0) return 0;
  const shifted = s + Math.log(chance);
  return shifted > 30 ? shifted : Math.log1p(chance * Math.expm1(s));
}
