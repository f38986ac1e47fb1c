import type { IncomingMessage } from "node:http";
import type { Answer, RecordedRequest } from "#sandbox/forge/contract.ts";

export type Disturbed = {
  number: number;
  method: string;
  path: string;
  operation: string | null;
  moment: "before" | "after";
};
/** Lets a test answer in the forge's place: before the work is done, or after (the client sees an error, the work stands). */
export type Disturb = (request: Disturbed) => Answer | undefined;

type Open = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] } & { startedMs: number };

/** Every REST request, in the order in which they came. */
export class RequestLog {
  readonly entries: RecordedRequest[] = [];
  readonly #clock: () => string;

  constructor(clock: () => string) {
    this.#clock = clock;
  }

  begin(request: IncomingMessage): Open {
    const method = request.method ?? "GET";
    const entry: Open = {
      number: this.entries.length + 1,
      at: this.#clock(),
      method,
      path: request.url ?? "/",
      operation: null,
      actor: "",
      userAgent: request.headers["user-agent"] ?? "",
      status: 0,
      write: method !== "GET" && method !== "HEAD",
      durationMs: 0,
      startedMs: performance.now(),
    };
    this.entries.push(entry);
    return entry;
  }

  finish(entry: Open, status: number): void {
    entry.status = status;
    entry.durationMs = performance.now() - entry.startedMs;
  }
}
