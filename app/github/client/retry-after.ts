type Headers = Readonly<Record<string, unknown>>;

/**
 * How long GitHub asks to wait before the next request, in milliseconds, as the answer behind an error said it;
 * undefined where it did not.
 */
export function retryAfterMs(error: unknown, now: Date): number | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const headers = headersOf(cause);
    const seconds = Number(headers["retry-after"] ?? Number.NaN);
    if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
    const reset = Number(headers["x-ratelimit-remaining"] === "0" ? headers["x-ratelimit-reset"] : Number.NaN);
    if (Number.isFinite(reset)) return Math.max(0, reset * 1_000 - now.getTime());
  }
  return undefined;
}

function headersOf(error: Error): Headers {
  const response = "response" in error ? error.response : undefined;
  if (typeof response !== "object" || response === null || !("headers" in response)) return {};
  const { headers } = response;
  return typeof headers === "object" && headers !== null ? Object.fromEntries(Object.entries(headers)) : {};
}

/**
 * What to do where GitHub answers no more for now, as the end of an error: until when (UTC, from the answer's own
 * headers, so that no clock here counts), and what has a higher limit.
 */
export function sayLimit(headers: Headers): string {
  const until = resetOf(headers);
  const wait =
    until === undefined ? "wait and run it again" : `it answers again from ${sayTime(until)}: run it again then`;
  return `; ${wait}${sayHigher(headers)}`;
}

/** A job's own token and nobody at all have limits that are soon used up; a secondary limit is about haste, not about these. */
function sayHigher(headers: Headers): string {
  const [limit, remaining] = [headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]];
  if (remaining !== "0") return "";
  if (limit === "60") return ". Without a token it is 60 requests an hour: give one in GITHUB_TOKEN";
  if (limit !== "1000") return "";
  return ". A job's GITHUB_TOKEN has 1,000 requests an hour for the whole repository; the app (writer: app) has its own, of 5,000 and more";
}

function resetOf(headers: Headers): Date | undefined {
  const after = Number(headers["retry-after"] ?? Number.NaN);
  const sent = Date.parse(String(headers["date"]));
  if (Number.isFinite(after) && Number.isFinite(sent)) return dateOf(sent + after * 1_000);
  const reset = Number(headers["x-ratelimit-remaining"] === "0" ? headers["x-ratelimit-reset"] : Number.NaN);
  return Number.isFinite(reset) ? dateOf(reset * 1_000) : undefined;
}

function dateOf(time: number): Date | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** "08:41:07 UTC on 2026-11-26". */
function sayTime(date: Date): string {
  const [day = "", time = ""] = date.toISOString().split("T");
  return `${time.slice(0, 8)} UTC on ${day}`;
}
