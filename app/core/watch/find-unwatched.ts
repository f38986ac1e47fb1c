import type { Night } from "./night.ts";

export type Unwatched = {
  /** the last watch that said anything; else since when one has been owed */
  since: string;
  /** whole periods that have gone by */
  periods: number;
  /** the newest watch ran and failed */
  failed: boolean;
};

/**
 * Has a model not been watched for two periods? A watch that failed has watched nothing, though it ran. `owedSince`:
 * since when something has stood in production, for a model that nobody has ever watched.
 */
export function findUnwatched(
  nights: readonly Night[],
  { owedSince, period, now }: { owedSince: string | undefined; period: number; now: Date },
): Unwatched | undefined {
  const sorted = nights.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const last = sorted.findLast(({ verdict }) => verdict !== "error");
  const since = last?.at ?? sorted[0]?.at ?? owedSince;
  if (since === undefined) return undefined;
  const periods = Math.floor((now.getTime() - Date.parse(since)) / period);
  return periods < 2 ? undefined : { since, periods, failed: sorted.at(-1)?.verdict === "error" };
}
