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

function headersOf(error: Error): Readonly<Record<string, unknown>> {
  const response = "response" in error ? error.response : undefined;
  if (typeof response !== "object" || response === null || !("headers" in response)) return {};
  const { headers } = response;
  return typeof headers === "object" && headers !== null ? Object.fromEntries(Object.entries(headers)) : {};
}
