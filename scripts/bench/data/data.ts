import type { Rated } from "../figure.ts";
import { benchDiff } from "./diff.ts";

/** What the data engine costs, in CPU time and as a ratio to the yardstick of each part. */
export async function benchData(options: {
  rounds: number;
  rows: number;
}): Promise<{ yardstickMs: number; figures: readonly Rated[]; problems: readonly string[] }> {
  return await benchDiff(options);
}
