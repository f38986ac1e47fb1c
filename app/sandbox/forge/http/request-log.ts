import type { IncomingMessage } from "node:http";
import type { RecordedRequest } from "#sandbox/forge/contract.ts";

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
      // GraphQL asks by POST as well, and the sandbox knows no mutation
      write: method !== "GET" && method !== "HEAD" && !/^(?:\/api)?\/graphql$/.test(request.url ?? ""),
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
