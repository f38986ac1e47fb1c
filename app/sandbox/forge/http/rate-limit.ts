import { type Actor, githubError } from "#sandbox/forge/contract.ts";

type Window = { used: number; resetsAt: number };
const hourMs = 3_600_000;

function limitOf(actor: Actor): number {
  if (actor.kind === "anonymous") return 60;
  return actor.kind === "job" ? 1000 : 5000;
}

function keyOf(actor: Actor): string {
  switch (actor.kind) {
    case "anonymous":
      return "anonymous";
    case "job":
      return `job ${actor.repository}`;
    case "installation":
      return `installation ${actor.installation.id}`;
    default:
      return actor.account.login;
  }
}

/** The primary rate limit: per hour and caller. Nobody anonymous is refused here: on this machine they share an address. */
export class RateLimit {
  readonly #windows = new Map<string, Window>();

  /** Counts a request; answers the headers to send. Throws 403 past the limit. A 304 is given back by `refund`. */
  count(actor: Actor, now: number): Record<string, string> {
    const window = this.#window(actor, now);
    window.used += 1;
    if (window.used > limitOf(actor) && actor.kind !== "anonymous") {
      throw githubError(403, `API rate limit exceeded for ${keyOf(actor)}.`);
    }
    return this.headers(actor, now);
  }

  refund(actor: Actor, now: number): void {
    this.#window(actor, now).used -= 1;
  }

  headers(actor: Actor, now: number): Record<string, string> {
    const { used, resetsAt } = this.#window(actor, now);
    const limit = limitOf(actor);
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(Math.max(0, limit - used)),
      "x-ratelimit-reset": String(Math.ceil(resetsAt / 1000)),
      "x-ratelimit-used": String(used),
      "x-ratelimit-resource": "core",
    };
  }

  #window(actor: Actor, now: number): Window {
    const key = keyOf(actor);
    let window = this.#windows.get(key);
    if (window === undefined || window.resetsAt <= now) {
      window = { used: 0, resetsAt: now + hourMs };
      this.#windows.set(key, window);
    }
    return window;
  }
}
