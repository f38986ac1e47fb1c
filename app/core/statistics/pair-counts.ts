/** Rows by level on two sides, each level once, with the rows of either side at the same place. */
export type CountPairs = { levels: readonly string[]; first: Float64Array; second: Float64Array };

/** Brings both sides together once: with tens of thousands of levels, looking up is what takes time. */
export function pairCounts(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): CountPairs {
  const levels: string[] = [];
  const [x, y] = [new Float64Array(first.size + second.size), new Float64Array(first.size + second.size)];
  let shared = 0;
  for (const [level, count] of first) {
    const other = second.get(level);
    if (other !== undefined) shared++;
    x[levels.length] = count;
    y[levels.length] = other ?? 0;
    levels.push(level);
  }
  if (shared < second.size)
    for (const [level, count] of second) {
      if (first.has(level)) continue;
      y[levels.length] = count;
      levels.push(level);
    }
  return { levels, first: x.slice(0, levels.length), second: y.slice(0, levels.length) };
}

export function sumCounts(counts: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < counts.length; index++) sum += counts[index] ?? 0;
  return sum;
}
