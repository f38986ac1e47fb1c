import * as z from "zod";
import type { DriftReport } from "#core/drift/drift-record.ts";

const name = z.string().max(4_096);
const measured = z.number().nullable();

/** One watch of one model in short: enough to raise an alarm and to draw the last weeks. */
const nightSchema = z.strictObject({
  at: z.iso.datetime(),
  /** the workflow run that watched; null where it is not known */
  run: z.number().int().nullable(),
  version: name,
  verdict: z.enum(["quiet", "drift", "not-enough-data", "error"]),
  lead: z.strictObject({ now: measured, atPromotion: measured, drifted: z.boolean() }).nullable(),
  /** those nearest to their thresholds: `ratio` is effect / threshold */
  columns: z.array(z.strictObject({ column: name, ratio: measured, drifted: z.boolean() })).max(30),
});
export type Night = z.infer<typeof nightSchema>;

/** How many nights are looked back on. */
export const mostNights = 60;

/**
 * The nights of a model in one file, so that nobody reads sixty reports to judge one: `nights/<model>.json`. What it
 * lacks is read from the reports themselves. `alarm` is what the nights came to when it was written.
 */
export const nightBookSchema = z.strictObject({
  schema: z.literal("trainyard/nights/1"),
  model: name,
  alarm: z.enum(["quiet", "hint", "alarm"]),
  /** since when the first watch is owed; only before there was any */
  since: z.iso.datetime().optional(),
  nights: z.array(nightSchema).max(mostNights),
});
export type NightBook = z.infer<typeof nightBookSchema>;

/** Somebody's word that they know: `snoozes/<model>.json`. `by`: null where a box was ticked and nobody told by whom. */
export const snoozeSchema = z.strictObject({
  schema: z.literal("trainyard/snooze/1"),
  model: name,
  /** over at once where it is not after `at` */
  until: z.iso.datetime(),
  by: z.string().max(100).nullable(),
  at: z.iso.datetime(),
});
export type Snooze = z.infer<typeof snoozeSchema>;

/** A report in short; `followed`: columns that are kept though they are far from their thresholds. */
export function shortenReport(report: DriftReport, followed: ReadonlySet<string> = new Set()): Night {
  const { at, version, verdict, lead, watch } = report;
  const columns = report.columns.map(({ column, effect, threshold, drifted }) => {
    const ratio = effect === null || !(threshold > 0) ? null : Math.round((effect / threshold) * 1_000) / 1_000;
    return { column: column.slice(0, 200), ratio, drifted };
  });
  const rank = (one: (typeof columns)[number]): number =>
    (one.drifted ? 1e9 : 0) + (followed.has(one.column) ? 1e6 : 0) + Math.min(1e5, one.ratio ?? 0);
  return {
    at,
    run: watch?.run ?? null,
    version,
    verdict,
    lead:
      lead === null
        ? null
        : { now: lead.now.point, atPromotion: lead.atPromotion?.point ?? null, drifted: lead.drifted },
    columns: columns.toSorted((a, b) => rank(b) - rank(a)).slice(0, 30),
  };
}

export const periodMs: Readonly<Record<"hourly" | "daily" | "weekly", number>> = {
  hourly: 3_600_000,
  daily: 86_400_000,
  weekly: 604_800_000,
};

/** A night that counts: `at` is when its period began, `newest` when its last watch was. */
export type CountedNight = Night & { newest: string };

/**
 * The nights that count, oldest first. A run counts once, with what it said last. Two watches of the same version less
 * than half a period apart are one night, and the later one that could be judged speaks for it: whoever starts a watch
 * by hand twice has seen one odd night, not two.
 */
export function countNights(nights: readonly Night[], period: number): readonly CountedNight[] {
  const sorted = nights.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const byRun = new Map(sorted.map((night) => [night.run === null ? night.at : `run ${night.run}`, night]));
  const counted: CountedNight[] = [];
  for (const night of [...byRun.values()].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const last = counted.at(-1);
    const isSame = last?.version === night.version && Date.parse(night.at) - Date.parse(last.at) < period / 2;
    if (!isSame) counted.push({ ...night, newest: night.at });
    else if (wasJudged(night) || !wasJudged(last)) {
      counted[counted.length - 1] = { ...night, at: last.at, newest: night.at };
    }
  }
  return counted;
}

/** Could anything be said that night? An error or too few rows count neither way. */
export function wasJudged({ verdict }: Pick<Night, "verdict">): boolean {
  return verdict === "quiet" || verdict === "drift";
}
