const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/**
 * Values in their order as at most `width` bars from the lowest to the highest: of neighbours that share a bar the mean is
 * shown, what was not measured is a gap, and values that are all the same are a line in the middle. `floor`: the lowest bar
 * stands for this or less.
 */
export function sparkline(values: readonly (number | null)[], width = 40, floor = Number.POSITIVE_INFINITY): string {
  const means = thin(values, width);
  const measured = means.filter((value) => value !== null);
  const [low, high] = [Math.min(floor, ...measured), Math.max(...measured)];
  return means
    .map((value) => {
      if (value === null) return " ";
      // halves first: the distance of two finite numbers may not be one
      const share = high === low ? 0.5 : (value / 2 - low / 2) / (high / 2 - low / 2);
      return bars[Math.min(bars.length - 1, Math.floor(share * bars.length))] ?? " ";
    })
    .join("")
    .trimEnd();
}

function thin(values: readonly (number | null)[], width: number): readonly (number | null)[] {
  const count = Math.min(values.length, Math.max(1, width));
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * values.length) / count);
    const to = Math.floor(((index + 1) * values.length) / count);
    const own = values.slice(from, to).filter((value): value is number => value !== null && Number.isFinite(value));
    return own.length === 0 ? null : own.reduce((sum, value) => sum + value / own.length, 0);
  });
}
