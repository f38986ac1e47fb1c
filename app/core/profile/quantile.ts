import type { NumberSummary } from "./table-profile.ts";

/** The value below which a share of the finite numbers lies, to within its bin; NaN where there are none. */
export function quantileOf({ bins, min, max }: NumberSummary, share: number): number {
  const wanted = share * bins.total;
  let below = 0;
  for (const { low, high, count } of bins.bins()) {
    if (below + count >= wanted && count > 0) {
      const [start, end] = [Math.max(low, min), Math.min(high, max)];
      return start + (end - start) * Math.max(0, (wanted - below) / count);
    }
    below += count;
  }
  return max;
}

/** How many finite numbers lie in each of `parts` equal widths from `low` to `high`, bins shared out by their width. */
export function histogramOf({ bins, min, max }: NumberSummary, low: number, high: number, parts: number): number[] {
  const counts = Array.from({ length: parts }, () => 0);
  const width = (high - low) / parts;
  if (!(width > 0)) return counts;
  for (const bin of bins.bins()) {
    const [start, end] = [Math.max(bin.low, min), Math.min(bin.high, max)];
    if (end < low || start > high) continue;
    const first = Math.max(0, Math.floor((start - low) / width));
    const last = Math.min(parts - 1, Math.max(first, Math.ceil((end - low) / width) - 1));
    for (let part = first; part <= last && part < parts; part++) {
      const shared = Math.min(end, low + (part + 1) * width) - Math.max(start, low + part * width);
      counts[part] =
        (counts[part] ?? 0) + (end > start ? (bin.count * Math.max(0, shared)) / (end - start) : bin.count);
      if (end === start) break;
    }
  }
  return counts;
}
