import type { CountedNight } from "./night.ts";
import { wasJudged } from "./night.ts";

export type Alarm = {
  /** `hint`: the newest night is odd, and too few are for an alarm */
  kind: "quiet" | "hint" | "alarm";
  /** the first violated night of what goes on; undefined where all is quiet */
  since: string | undefined;
  /** when the alarm that goes on, or the last one, was raised, and when it ended */
  raisedAt: string | undefined;
  recoveredAt: string | undefined;
  /** violated nights among the last `of` that could be judged */
  violated: number;
  of: number;
  /** quiet nights in a row, and how many end an alarm */
  quiet: number;
  after: number;
  /** the last night that brought further columns, and all that the alarm did not begin with */
  worse: { at: string; columns: readonly string[] } | undefined;
};

/** What drifted besides columns is called so; no column can be, as it is no name of one. */
const lead = "";

/**
 * Is it an alarm? Yes once `after` of the last `of` nights of the same version were violated and the newest is, or at
 * once where production's lead over the baseline is lost, which two blocks have confirmed by then. It ends after `after`
 * quiet nights in a row, or with the first quiet night of another version. A night that could not be judged counts
 * neither way. `nights`: oldest first, as `countNights` counts them.
 */
export function judgeAlarm(nights: readonly CountedNight[], rule: { after: number; of: number }): Alarm {
  let window: CountedNight[] = [];
  let [since, raisedAt, recoveredAt]: (string | undefined)[] = [];
  let version = "";
  let raisedFor = "";
  let on = false;
  let quiet = 0;
  let known = new Set<string>();
  let worse: Alarm["worse"];
  for (const night of nights) {
    if (night.version !== version) [version, window] = [night.version, []];
    if (!wasJudged(night)) continue;
    window = [...window, night].slice(-rule.of);
    const bad = window.filter(({ verdict }) => verdict === "drift");
    if (night.verdict === "quiet") {
      quiet += 1;
      if (!on || (night.version === raisedFor && quiet < rule.after)) continue;
      [on, recoveredAt, since] = [false, night.at, undefined];
      // what is over speaks for no new alarm
      window = [];
      continue;
    }
    quiet = 0;
    const isAlarm = night.lead?.drifted === true || bad.length >= rule.after;
    if (isAlarm) raisedFor = night.version;
    if (!on && isAlarm) {
      [on, since, raisedAt, worse] = [true, bad[0]?.at, night.at, undefined];
      known = new Set(bad.flatMap(findDrifted));
    } else if (on) {
      const added = findDrifted(night).filter((column) => !known.has(column));
      known = new Set([...known, ...added]);
      if (added.length > 0) worse = { at: night.at, columns: [...(worse?.columns ?? []), ...added] };
    }
  }
  const bad = window.filter(({ verdict }) => verdict === "drift");
  const isHint = !on && window.at(-1)?.verdict === "drift";
  return {
    kind: on ? "alarm" : isHint ? "hint" : "quiet",
    since: on ? since : isHint ? bad[0]?.at : undefined,
    raisedAt,
    recoveredAt,
    violated: bad.length,
    of: window.length,
    quiet,
    after: rule.after,
    worse,
  };
}

function findDrifted(night: CountedNight): readonly string[] {
  const columns = night.columns.filter(({ drifted }) => drifted).map(({ column }) => column);
  return night.lead?.drifted === true ? [...columns, lead] : columns;
}
