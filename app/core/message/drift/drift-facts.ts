import type { DriftReport } from "#core/drift/drift-record.ts";
import type { Alarm } from "#core/watch/judge-alarm.ts";
import type { Unwatched } from "#core/watch/find-unwatched.ts";
import type { CountedNight, Snooze } from "#core/watch/night.ts";

/** How it stands with the pull request that trains again. `note`, `because`: may quote strangers. */
export type Retraining =
  | { kind: "none" }
  | { kind: "coming" }
  | { kind: "open"; pull: number; note: string | null }
  /** a person has committed to its branch */
  | { kind: "stopped"; pull: number }
  | { kind: "held"; pull: number; why: "approved" | "queued" }
  | { kind: "not-now"; pull: number; until: string }
  | { kind: "nothing"; note: string };

/** All that the issue of one model says. */
export type DriftFacts = {
  model: string;
  /** what stands in production, as far as the newest watch knows */
  version: string;
  schedule: "hourly" | "daily" | "weekly";
  /** the newest watch; undefined where nobody has watched yet */
  report: DriftReport | undefined;
  /** the last one that was violated, where the newest is not */
  before: DriftReport | undefined;
  alarm: Alarm;
  /** oldest first */
  nights: readonly CountedNight[];
  unwatched: Unwatched | undefined;
  snooze: Snooze | undefined;
  retraining: Retraining;
};
