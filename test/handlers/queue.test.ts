import { describe, expect, it } from "vitest";
import { ServiceError } from "#core/ports.ts";
import type { QueueClock } from "#handlers/work/back-off.ts";
import { createQueue, type Job, type Queue } from "#handlers/work/queue.ts";

/** A clock that a test turns: whoever waits is let go in the order of when. */
class HandClock implements QueueClock {
  #at = 0;
  readonly waits: number[] = [];
  #waiting: { until: number; go: () => void }[] = [];
  chance = 0.5;

  now(): Date {
    return new Date(this.#at);
  }

  random(): number {
    return this.chance;
  }

  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.waits.push(milliseconds);
    await new Promise<void>((resolve) => {
      this.#waiting.push({ until: this.#at + milliseconds, go: resolve });
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** Lets time go by until nobody waits any more, or `most` have been let go. */
  async run(queue: Queue, most = Number.POSITIVE_INFINITY): Promise<void> {
    for (let count = 0; count < most; count += 1) {
      // oxlint-disable-next-line no-await-in-loop -- what was let go may wait again
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#waiting.toSorted((a, b) => a.until - b.until)[0];
      if (next === undefined) return await queue.idle();
      this.#waiting = this.#waiting.filter((one) => one !== next);
      this.#at = Math.max(this.#at, next.until);
      next.go();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const fail = (code: ServiceError["code"], cause?: unknown): ServiceError =>
  new ServiceError(code, `It is ${code}`, { cause });

/** Work that fails so often with these, and is done then. */
function failing(done: string[], key: string, errors: readonly unknown[], more: Partial<Job> = {}): Job {
  let attempt = 0;
  return {
    repository: "acme/shop",
    key,
    async work() {
      attempt += 1;
      done.push(`${key} ${attempt}`);
      if (attempt <= errors.length) throw await Promise.resolve(errors[attempt - 1]);
    },
    ...more,
  };
}

describe("createQueue()", () => {
  it("tries again what may pass, later and later, and lets other work of the repository go ahead", async () => {
    const [clock, done] = [new HandClock(), [] as string[]];
    const queue = createQueue({ clock, backOffMs: 1_000 });
    queue.add(failing(done, "pull 1", [fail("unreachable"), fail("broken"), fail("unreachable")]));
    queue.add(failing(done, "pull 2", []));
    await clock.run(queue);
    expect(done).toEqual(["pull 1 1", "pull 2 1", "pull 1 2", "pull 1 3", "pull 1 4"]);
    expect(clock.waits).toEqual([1_000, 3_000, 9_000]);
    expect(queue.problems).toEqual([]);
  });

  it.for<[code: ServiceError["code"], attempts: number]>([
    ["unreachable", 6],
    ["broken", 6],
    ["limited", 6],
    ["refused", 1],
    ["forbidden", 1],
    ["not-found", 1],
    ["conflict", 1],
  ])("gives up what is %s after %i attempts, tells it, and says so to whoever waits", async ([code, attempts]) => {
    const [clock, done, told] = [new HandClock(), [] as string[], [] as unknown[]];
    const queue = createQueue({ clock, onProblem: (...problem) => told.push(problem) });
    const errors = Array.from({ length: 9 }, () => fail(code));
    queue.add(
      failing(done, "pull 1", errors, { giveUp: async (error) => void (await Promise.resolve(told.push(error))) }),
    );
    await clock.run(queue);
    expect(done).toHaveLength(attempts);
    expect(queue.problems).toMatchObject([
      { repository: "acme/shop", key: "pull 1", attempts, message: `It is ${code}` },
    ]);
    expect(told).toEqual([["pull 1", errors[0]], errors[0]]);
  });

  it("gives up a mistake of ours at once, and tells where giving up fails too", async () => {
    const told: string[] = [];
    const queue = createQueue({
      clock: new HandClock(),
      onProblem: (key, error) => told.push(`${key}: ${String(error)}`),
    });
    queue.add(
      failing([], "pull 1", [new TypeError("no")], { giveUp: async () => await Promise.reject(new Error("nor this")) }),
    );
    await queue.idle();
    expect(told).toEqual(["pull 1: TypeError: no", "pull 1, giving it up: Error: nor this"]);
  });

  it("holds all work of a repository while a limit lasts, as long as the service says, else a minute", async () => {
    const [clock, done] = [new HandClock(), [] as string[]];
    const queue = createQueue({ clock, backOffMs: 1_000 });
    const response = { headers: { "retry-after": "120" } };
    const said = Object.assign(new Error("403"), { response });
    const reset = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "300" };
    const primary = Object.assign(new Error("429"), { response: { headers: reset } });
    queue.add(failing(done, "pull 1", [fail("limited", said), fail("limited"), fail("limited", primary)]));
    queue.add(failing(done, "pull 2", []));
    queue.add({ ...failing(done, "pull 3", []), repository: "acme/other" });
    await clock.run(queue);
    expect(done).toEqual(["pull 1 1", "pull 3 1", "pull 1 2", "pull 1 3", "pull 1 4", "pull 2 1"]);
    // 121 s and 63 s have gone by when the primary limit says that it is over at 300 s
    expect(clock.waits).toEqual([121_000, 63_000, 300_000 - 184_000 + 9_000]);
  });

  it("does not let those who failed together come back together", async () => {
    const clock = new HandClock();
    const queue = createQueue({ clock, backOffMs: 1_000 });
    for (const chance of [0, 0.999]) {
      clock.chance = chance;
      queue.add(failing([], `pull ${chance}`, [fail("unreachable")]));
      await queue.idle("acme/shop");
    }
    expect(clock.waits).toEqual([750, expect.closeTo(1_250, -1)]);
    await clock.run(queue);
  });

  it("does later work of the same key instead of what waits, whether it waits in line or to be tried again", async () => {
    const [clock, done] = [new HandClock(), [] as string[]];
    const queue = createQueue({ clock });
    queue.add(failing(done, "pull 1", [fail("unreachable")]));
    await queue.idle("acme/shop");
    queue.add({ ...failing(done, "pull 1", []), work: async () => void (await Promise.resolve(done.push("later"))) });
    queue.add({ ...failing(done, "pull 1", []), work: async () => void (await Promise.resolve(done.push("latest"))) });
    await clock.run(queue);
    expect(done).toEqual(["pull 1 1", "latest"]);
  });

  it("does not try again what newer work of its key has overtaken", async () => {
    const [clock, done] = [new HandClock(), [] as string[]];
    const queue = createQueue({ clock });
    const newer = failing(done, "newer", []);
    queue.add({
      ...newer,
      key: "pull 1",
      work: async () => {
        done.push("older");
        queue.add({ ...newer, key: "pull 1" });
        throw await Promise.resolve(fail("unreachable"));
      },
    });
    await clock.run(queue);
    expect(done).toEqual(["older", "newer 1"]);
    expect(clock.waits).toEqual([]);
  });

  it("leaves out what yields where work of its key waits, and does it where none does", async () => {
    const [clock, done] = [new HandClock(), [] as string[]];
    const queue = createQueue({ clock });
    queue.add(failing(done, "pull 1", [fail("unreachable")]));
    await queue.idle("acme/shop");
    queue.add({ ...failing(done, "pull 1", []), yields: true });
    queue.add({ ...failing(done, "pull 2", []), yields: true });
    await clock.run(queue);
    expect(done).toEqual(["pull 1 1", "pull 2 1", "pull 1 2"]);
  });

  it("stops without waiting for what would be tried again", async () => {
    const [clock, done] = [new HandClock(), [] as string[]];
    const queue = createQueue({ clock });
    queue.add(failing(done, "pull 1", [fail("unreachable")]));
    queue.add(failing(done, "pull 2", [fail("limited")]));
    await new Promise((resolve) => setImmediate(resolve));
    queue.add(failing(done, "pull 3", []));
    await queue.stop();
    expect(done).toEqual(["pull 1 1", "pull 2 1", "pull 2 2", "pull 3 1"]);
  });
});
