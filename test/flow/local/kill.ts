/** Calls that change what others see; all other ones only read. */
const writes =
  /^(?:checks|comments|issues|pulls)\.(?:create|update|remove|open|edit|requestReviewers)$|^evidence\.write$|^tags\.create$|^releases\.(?!find)|^deployments\.|^workflows\.(?:dispatch|cancel|sayAgain)$|^branches\.commit$/;

export function isWrite(call: string): boolean {
  return writes.test(call);
}

export type When = "before" | "after";
/** What is answered instead of what the port would have. */
export type Instead = { answer: unknown };
/** Sees every call of every port, and may let it wait, fail, or (before it) be answered by something else. */
export type Watcher = (
  call: string,
  index: number,
  when: When,
  args: readonly unknown[],
  // oxlint-disable-next-line typescript/no-invalid-void-type -- a watcher that only looks says nothing
) => Promise<Instead | void> | Instead | void;

/** The same ports, watched. */
export function watchCalls<Ports extends object>(ports: Ports, watcher: Watcher): Ports {
  let count = 0;
  const watch =
    (name: string, call: (...args: readonly unknown[]) => unknown) =>
    async (...args: readonly unknown[]): Promise<unknown> => {
      const index = count++;
      const instead = await watcher(name, index, "before", args);
      if (typeof instead === "object") return instead.answer;
      const answer = await call(...args);
      await watcher(name, index, "after", args);
      return answer;
    };
  const watched = Object.entries(ports).map(([name, port]: [string, unknown]) => {
    // a clock is no place to stop at
    if (typeof port !== "object" || port === null) return [name, port];
    const calls = Object.entries(port).map(([method, call]: [string, unknown]) => [
      method,
      typeof call === "function" ? watch(`${name}.${method}`, call.bind(port)) : call,
    ]);
    return [name, Object.fromEntries(calls)];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same keys, and values of the same shape
  return Object.fromEntries(watched) as Ports;
}

/** A process that was ended: whatever it calls from then on does not happen. */
export class Killed extends Error {
  constructor(call: string) {
    super(`Killed at ${call}`);
    this.name = "Killed";
  }
}

/** Ends a process at one of its calls, or only counts them. */
export class Killer {
  readonly calls: string[] = [];
  readonly #at: { index: number; when: When } | undefined;
  #dead = false;
  readonly #writes: string[] = [];

  constructor(at?: { index: number; when: When }) {
    this.#at = at;
  }

  get killed(): boolean {
    return this.#dead;
  }

  /** The writes that were begun and ended, in order: what it left behind hangs on nothing else. */
  get writes(): readonly string[] {
    return this.#writes;
  }

  readonly watcher: Watcher = (call, index, when) => {
    if (when === "before") this.calls.push(call);
    if (this.#at?.index === index && this.#at.when === when) this.#dead = true;
    if (when === "after" && isWrite(call)) this.#writes.push(`after ${call}`);
    if (this.#dead) throw new Killed(`${call} (${when})`);
    if (when === "before" && isWrite(call)) this.#writes.push(`before ${call}`);
  };
}
