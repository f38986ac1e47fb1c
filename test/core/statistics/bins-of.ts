import { NumberBins } from "#core/profile/number-bins.ts";
import { pairBins, type Cells } from "#core/statistics/bins/pair-bins.ts";

/** Values as exact bins. */
export function binsOf(values: Iterable<number>): NumberBins {
  const bins = new NumberBins();
  for (const value of values) bins.add(value);
  return bins;
}

/** Two samples by value. */
export const cellsOf = (first: Iterable<number>, second: Iterable<number>): Cells =>
  pairBins(binsOf(first).bins(), binsOf(second).bins());
