import { ServiceError } from "#core/ports.ts";
import { retryAfterMs } from "#github/client/retry-after.ts";

/** Where time and chance come from: tests give their own. */
export type QueueClock = {
  now(): Date;
  /** Resolves after this time, or at once when the signal is given. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** from 0 up to 1 */
  random(): number;
};

export const realClock: QueueClock = {
  now: () => new Date(),
  wait: async (milliseconds, signal) =>
    await new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener("abort", done, { once: true });
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      }
    }),
  random: () => Math.random(),
};

/** How often work is tried before it is given up: over ten minutes, with the times below. */
export const mostAttempts = 6;
const limitedMs = 60_000;
/** Whoever says to wait longer than this is asked again nevertheless. */
const longestMs = 3_600_000;

/** How to wait before work is tried again; `holds`: all work of the repository waits, as it would fare no better. */
export type Pause = { milliseconds: number; holds: boolean };

/**
 * What to do after the nth failed attempt; undefined: it will fail again, however often it is tried. Waits grow
 * threefold and differ by chance, so that those who failed together do not come back together.
 */
export function backOff(error: unknown, attempt: number, baseMs: number, clock: QueueClock): Pause | undefined {
  if (attempt >= mostAttempts || !(error instanceof ServiceError)) return undefined;
  const growing = baseMs * 3 ** (attempt - 1) * (0.75 + clock.random() / 2);
  switch (error.code) {
    case "unreachable":
    case "broken":
      return { milliseconds: growing, holds: false };
    case "limited": {
      // a moment later than asked: on the very second it may still be refused
      const asked = (retryAfterMs(error, clock.now()) ?? limitedMs) + growing;
      return { milliseconds: Math.min(asked, longestMs), holds: true };
    }
    default:
      return undefined;
  }
}
