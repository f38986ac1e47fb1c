/** Five fields as GitHub reads them: minute, hour, day of month, month, day of week. */
export type Cron = {
  minutes: Set<number>;
  hours: Set<number>;
  days: Set<number>;
  months: Set<number>;
  weekdays: Set<number>;
  anyDay: boolean;
  anyWeekday: boolean;
};

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const minuteMs = 60_000;

/** Reads a cron expression; throws a sentence that names it. */
export function readCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  if (fields.length !== 5) throw new Error(`"${text}" is no cron expression: it needs five fields`);
  const read = (field: string, low: number, high: number, names: readonly string[] = []): Set<number> =>
    readField(text, field, low, high, names);
  const weekdays = read(weekday, 0, 7, weekdayNames);
  if (weekdays.has(7)) weekdays.add(0);
  return {
    minutes: read(minute, 0, 59),
    hours: read(hour, 0, 23),
    days: read(day, 1, 31),
    months: read(month, 1, 12, ["", ...monthNames]),
    weekdays,
    anyDay: day === "*",
    anyWeekday: weekday === "*",
  };
}

function readField(text: string, field: string, low: number, high: number, names: readonly string[]): Set<number> {
  const number = (word: string): number => {
    const named = names.indexOf(word.toLowerCase());
    const value = named >= 0 ? named : /^\d+$/.test(word) ? Number(word) : Number.NaN;
    if (!(value >= low && value <= high))
      throw new Error(`"${text}" is no cron expression: "${field}" must be ${low} to ${high}`);
    return value;
  };
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "", step = "1"] = part.split("/");
    const [first = "", last] = range.split("-");
    const from = range === "*" ? low : number(first);
    const to = range === "*" || (last === undefined && part.includes("/")) ? high : number(last ?? first);
    const by = /^[1-9]\d*$/.test(step) ? Number(step) : Number.NaN;
    if (Number.isNaN(by)) throw new Error(`"${text}" is no cron expression: "/${step}" must be a whole number`);
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return values;
}

/** The last instant after `since`, up to and with `until`, at which a cron expression is due; undefined if there is none. */
export function lastDue(cron: Cron, since: Date, until: Date, timezone = "UTC"): Date | undefined {
  const clock = createClock(timezone);
  let at = Math.floor(until.getTime() / minuteMs) * minuteMs;
  while (at > since.getTime()) {
    const { minute, hour, day, month, weekday } = clock(at);
    if (!isDueOn(cron, day, month, weekday)) {
      // Whole days that cannot match are passed over.
      at -= (hour * 60 + minute + 1) * minuteMs;
      continue;
    }
    if (cron.hours.has(hour) && cron.minutes.has(minute)) return new Date(at);
    at -= (cron.hours.has(hour) ? 1 : minute + 1) * minuteMs;
  }
  return undefined;
}

/** As in cron everywhere: where both days are restricted, either one will do. */
function isDueOn(cron: Cron, day: number, month: number, weekday: number): boolean {
  if (!cron.months.has(month)) return false;
  if (cron.anyDay || cron.anyWeekday) return cron.days.has(day) && cron.weekdays.has(weekday);
  return cron.days.has(day) || cron.weekdays.has(weekday);
}

type Moment = { minute: number; hour: number; day: number; month: number; weekday: number };

function createClock(timezone: string): (at: number) => Moment {
  if (timezone === "UTC") {
    return (at) => {
      const date = new Date(at);
      return {
        minute: date.getUTCMinutes(),
        hour: date.getUTCHours(),
        day: date.getUTCDate(),
        month: date.getUTCMonth() + 1,
        weekday: date.getUTCDay(),
      };
    };
  }
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    minute: "numeric",
    hour: "numeric",
    day: "numeric",
    month: "numeric",
    weekday: "short",
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map((part) => [part.type, part.value]));
    const number = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name));
    return {
      minute: number("minute"),
      hour: number("hour"),
      day: number("day"),
      month: number("month"),
      weekday: weekdayNames.indexOf((parts.get("weekday") ?? "").toLowerCase()),
    };
  };
}
