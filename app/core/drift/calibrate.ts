import type { TableProfile } from "#core/profile/table-profile.ts";
import type { DriftSettings } from "./drift-settings.ts";
import { calibrationKey, findMoves } from "./judge-tables.ts";

/** Fewer parts of the past say too little about how far they part. */
export const leastChunks = 10;

/**
 * The least threshold of each test: mean + 3 standard deviations of the effect that the reference's own parts (days,
 * weeks) show against the reference. Throws a RangeError for fewer than 10 parts.
 */
export function calibrate(
  reference: TableProfile,
  chunks: readonly TableProfile[],
  settings: DriftSettings,
): ReadonlyMap<string, number> {
  if (chunks.length < leastChunks)
    throw new RangeError(`At least ${leastChunks} parts of the past are needed to calibrate, not ${chunks.length}`);
  const effects = new Map<string, number[]>();
  for (const chunk of chunks)
    for (const { column, tests } of findMoves(reference, chunk, settings).findings)
      for (const { name, effect } of tests) {
        const key = calibrationKey(column, name);
        if (Number.isFinite(effect)) effects.set(key, [...(effects.get(key) ?? []), effect]);
      }
  return new Map(
    [...effects].filter(([, seen]) => seen.length >= leastChunks).map(([key, seen]) => [key, meanAndThree(seen)]),
  );
}

function meanAndThree(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return mean + 3 * Math.sqrt(squares / (values.length - 1));
}
