import { ServiceError, type Ports } from "#core/ports.ts";
import { isWrite, Killed, type Instead, type Watcher } from "../local/kill.ts";
import type { LocalWorld } from "../local/local-world.ts";

/** What may go wrong with one call. "after": it was done all the same. */
export const badDays = [
  "killed before",
  "killed after",
  "broken before",
  "broken after",
  "unreachable before",
  "unreachable after",
  "limited",
  "another was faster",
  "another came between",
  "stale",
] as const;
export type BadDay = (typeof badDays)[number];

/** Where somebody else can be faster: calls that only one gets. */
const contested = /^(?:tags\.create|branches\.commit|evidence\.write|pulls\.open|releases\.createDraft)$/;
/** Lists that a service may answer as they were a moment ago. */
const listed =
  /^(?:comments\.own|issues\.own|checks\.find|tags\.list|releases\.find|pulls\.(?:fromBranch|ofBranch)|evidence\.list)$/;

export function isListed(call: string): boolean {
  return listed.test(call);
}

/** What can go wrong with this call; of reads only what its answer may be. */
export function badDaysOf(call: string): readonly BadDay[] {
  // a record that is broken is what a run left behind: nobody reads it again
  if (call === "workflows.record") return ["unreachable before", "limited"];
  if (!isWrite(call)) return ["broken before", "unreachable before", "limited", ...stale(call)];
  return badDays.filter((day) => day !== "stale" && (day !== "another was faster" || contested.test(call)));
}

function stale(call: string): readonly BadDay[] {
  return isListed(call) ? ["stale"] : [];
}

/** Lets one call of a process go wrong, and everything after it as it goes. */
export class Spoiler {
  readonly #world: LocalWorld;
  readonly #at: { index: number; day: BadDay };
  readonly #second: (world: LocalWorld) => Promise<unknown>;
  #before: LocalWorld;
  #isDead = false;
  struck = false;

  /** `before`: how the world was one write before this process began. */
  constructor(
    world: LocalWorld,
    at: { index: number; day: BadDay },
    second: (world: LocalWorld) => Promise<unknown>,
    before: LocalWorld = world.copy(),
  ) {
    this.#world = world;
    this.#at = at;
    this.#second = second;
    this.#before = before;
  }

  readonly watcher: Watcher = async (call, index, when, args) => {
    const { day } = this.#at;
    if (this.#isDead) throw new Killed(call);
    if (index === this.#at.index && (when === "before" || day.endsWith("after"))) {
      this.struck ||= day.endsWith("after") === (when === "after");
      const instead = await this.#spoil(call, when, args);
      if (instead !== undefined) return instead;
    }
    if (when === "before" && isWrite(call)) this.#before = this.#world.copy();
    return undefined;
  };

  async #spoil(call: string, when: "before" | "after", args: readonly unknown[]): Promise<Instead | undefined> {
    const { day } = this.#at;
    switch (day) {
      case "another was faster":
        await ask(this.#world, call, args).catch(() => undefined);
        return undefined;
      case "another came between":
        await this.#second(this.#world);
        return undefined;
      case "stale":
        return { answer: await ask(this.#before, call, args) };
      case "limited":
        throw new ServiceError("limited", `Cannot call ${call}: too often`);
      case "killed before":
      case "killed after":
        if (!day.endsWith(when)) return undefined;
        this.#isDead = true;
        throw new Killed(call);
      default:
        if (!day.endsWith(when)) return undefined;
        throw new ServiceError(
          day.startsWith("broken") ? "broken" : "unreachable",
          `Cannot call ${call}: no answer ${when} it was done`,
        );
    }
  }
}

/** Calls a port of a world by the name of the call. */
async function ask(world: LocalWorld, call: string, args: readonly unknown[]): Promise<unknown> {
  const [port = "", method = ""] = call.split(".");
  const ports: Record<string, unknown> = { ...world.ports() } satisfies Ports;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a watched call is one of theirs
  const methods = ports[port] as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
  return await methods[method]?.(...args);
}
