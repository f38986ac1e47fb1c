import type { Fault, HookFault, RequestFault, RunnerFault, SetFault } from "./fault.ts";
import { toExpression, Trap } from "./trap.ts";

/** Where a request is: what it is called, and by whom it comes. */
export type Asked = { names: readonly string[]; actor: string };
/** Where a job is: about to begin a step, or saying a line. */
export type JobMoment = { step: { name: string; number: number } } | { line: string };

/** The faults that tests have set, in the order in which they were: of those that mean the same thing the first strikes. */
export class FaultPlan {
  #traps: Trap[] = [];

  /** Sets a fault. It strikes until it is removed; its counts prove that it did. */
  add(fault: Fault): SetFault {
    const trap = new Trap(fault, (gone) => {
      this.#traps = this.#traps.filter((one) => one !== gone);
    });
    this.#traps.push(trap);
    return trap;
  }

  /** Removes all. */
  clear(): void {
    for (const trap of this.#traps) trap.remove();
  }

  /** What shall go wrong with a request at this moment. */
  ofRequest({ names, actor }: Asked, moment: "before" | "after"): RequestFault | undefined {
    return this.#strike("request", ({ fault, means }) => {
      const { by, moment: own = "before" } = fault;
      return own === moment && (by === undefined || by === actor) && means(names);
    })?.fault;
  }

  /** Lets a webhook go, or not, or twice. `fail`: writes down that it could not be delivered. */
  deliver(name: string, event: string, send: () => void, fail: () => void): void {
    const trap = this.#strike(
      "hook",
      ({ means, isHolding, fault }) => means([name, event]) && (fault.does !== "late" || isHolding),
    );
    switch (trap?.fault.does) {
      case "late":
        return trap.hold(send);
      case "lost":
        return;
      case "failed":
        return fail();
      case "twice":
        send();
        return send();
      default:
        return send();
    }
  }

  /** Is the runner of this job lost now? */
  losesRunner(job: string, moment: JobMoment): boolean {
    return (
      this.#strike("runner", ({ fault: { at }, means }) => {
        if (!means([job])) return false;
        if ("line" in at) return "line" in moment && toExpression(at.line).test(moment.line);
        if (!("step" in moment)) return false;
        return typeof at.step === "number"
          ? at.step === moment.step.number
          : toExpression(at.step).test(moment.step.name);
      }) !== undefined
    );
  }

  #strike<K extends Fault["kind"]>(
    kind: K,
    isMeant: (trap: {
      fault: Extract<Fault, { kind: K }>;
      isHolding: boolean;
      means: (names: readonly string[]) => boolean;
    }) => boolean,
  ): Trap<Extract<Fault, { kind: K }>> | undefined {
    for (const trap of this.#traps) {
      if (!isOf(trap, kind)) continue;
      const { fault, isHolding } = trap;
      if (isMeant({ fault, isHolding, means: (names) => trap.means(...names) }) && trap.strikes()) return trap;
    }
    return undefined;
  }
}

type OfKind = { request: RequestFault; hook: HookFault; runner: RunnerFault };

function isOf<K extends keyof OfKind>(trap: Trap, kind: K): trap is Trap<Extract<Fault, { kind: K }>> {
  return trap.fault.kind === kind;
}
