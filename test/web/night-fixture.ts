import type { CountedNight } from "#core/watch/night.ts";

/** A night whose one column was so far from its threshold. */
export function nightOf(at: string, ratio: number): CountedNight {
  const columns = [{ column: "age", ratio, drifted: ratio >= 1 }];
  return { at, newest: at, run: null, version: "v1.0.0", verdict: ratio >= 1 ? "drift" : "quiet", lead: null, columns };
}
