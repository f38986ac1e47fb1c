import type { Fault, Order, SetFault, When } from "./fault.ts";
import { randomFrom, shuffle } from "./random.ts";

/** A fault with its counts, and what it holds. */
export class Trap<F extends Fault = Fault> implements SetFault {
  readonly fault: F;
  seen = 0;
  fired = 0;
  isHolding = true;
  #held: (() => void)[] = [];
  readonly #pattern: RegExp;
  readonly #random: () => number;
  readonly #forget: (trap: Trap) => void;

  constructor(fault: F, forget: (trap: Trap) => void) {
    this.fault = fault;
    this.#pattern = toExpression(fault.on);
    this.#random = randomFrom(fault.when !== undefined && "seed" in fault.when ? fault.when.seed : 0);
    this.#forget = forget;
  }

  /** Does it mean something of one of these names? */
  means(...names: readonly string[]): boolean {
    return names.some((name) => this.#pattern.test(name));
  }

  /** Counts one more thing that it means; answers whether it strikes. */
  strikes(): boolean {
    this.seen += 1;
    const strikes = isHit(this.fault.when, this.seen, this.#random);
    if (strikes) this.fired += 1;
    return strikes;
  }

  hold(send: () => void): void {
    this.#held.push(send);
  }

  release(order: Order = "kept"): void {
    this.isHolding = false;
    const held = this.#held;
    this.#held = [];
    const ordered = order === "kept" ? held : order === "reversed" ? held.toReversed() : shuffle(held, order.seed);
    for (const send of ordered) send();
  }

  remove(): void {
    this.#held = [];
    this.#forget(this);
  }
}

function isHit(when: When | undefined, count: number, random: () => number): boolean {
  if (when === undefined) return true;
  if ("nth" in when) return count === when.nth;
  if ("first" in when) return count <= when.first;
  return random() < when.share;
}

export function toExpression(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}
