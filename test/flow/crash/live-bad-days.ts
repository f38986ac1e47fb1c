import { ServiceError } from "#core/ports.ts";
import { isWrite, Killed, type Watcher } from "../local/kill.ts";
import type { LocalWorld } from "../local/local-world.ts";
import { readState, type State } from "../local/world-state.ts";
import { badDaysOf, isListed, Spoiler, type BadDay } from "./bad-day.ts";
import { likeness } from "./likeness.ts";

/** What a process does that is told to look: a new one on the same world does the same. */
export type Run = (world: LocalWorld, watcher: Watcher) => Promise<unknown>;

/** What a bad day left, and what a new process made of it; told once for all days that left the same. */
export type Aftermath = { point: string; between: State; finished: State };
export type Account = {
  undisturbed: State;
  /** how many single calls went wrong, and at how many of them it was a write */
  points: number;
  writes: number;
  /** ends that are neither a ServiceError nor fine */
  odd: readonly string[];
  aftermaths: readonly Aftermath[];
};

/**
 * Spoils one call of a process after the other, in every way in which it may go wrong, and starts a new process on what
 * each left. Every write is spoilt; of reads with one name the first, one in the middle and the last.
 */
export async function liveBadDays(start: LocalWorld, run: Run): Promise<Account> {
  const whole = start.copy();
  const before = new Map<string, LocalWorld>();
  const calls = await count(whole, run, before);
  const undisturbed = readState(whole);
  const account = { points: 0, writes: 0, odd: [] as string[], aftermaths: new Map<string, Aftermath>() };
  const second = async (world: LocalWorld): Promise<unknown> => await run(world, () => undefined);
  const live = async (world: LocalWorld, spoiler: Spoiler, point: string): Promise<void> => {
    const ended = await run(world, spoiler.watcher).catch((error: unknown) => error);
    if (!spoiler.struck) throw new Error(`Nothing came of "${point}"`);
    account.points += 1;
    if (ended instanceof Error && !(ended instanceof ServiceError) && !(ended instanceof Killed))
      account.odd.push(`${point}: ${ended.stack}`);
    const between = readState(world);
    const key = likeness(between);
    if (account.aftermaths.has(key)) return;
    await second(world);
    account.aftermaths.set(key, { point, between, finished: readState(world) });
  };
  for (const [index, day] of choose(calls)) {
    const [world, call = ""] = [start.copy(), calls[index]];
    if (isWrite(call)) account.writes += 1;
    await live(world, new Spoiler(world, { index, day }, second), `${call} (${index}): ${day}`);
  }
  const both = start.copy();
  await Promise.allSettled([second(both), second(both)]);
  const between = readState(both);
  await second(both);
  account.points += 1;
  account.aftermaths.set("both", { point: "two at once, step by step", between, finished: readState(both) });
  // Whoever comes right after a process that did it all may still be told how a list was before.
  const again = await count(whole.copy(), run, new Map());
  for (const [index, call] of again.entries()) {
    const old = before.get(portOf(call));
    if (!isListed(call) || old === undefined) continue;
    const world = whole.copy();
    await live(world, new Spoiler(world, { index, day: "stale" }, second, old), `again, ${call} (${index}): stale`);
  }
  return { ...account, undisturbed, aftermaths: [...account.aftermaths.values()] };
}

/** Runs undisturbed and answers the calls; `before` gets the world as it was before the last write to each port. */
async function count(world: LocalWorld, run: Run, before: Map<string, LocalWorld>): Promise<readonly string[]> {
  const calls: string[] = [];
  await run(world, (call, _, when) => {
    if (when === "after") return;
    calls.push(call);
    if (isWrite(call)) before.set(portOf(call), world.copy());
  });
  return calls;
}

function portOf(call: string): string {
  return call.split(".", 1)[0] ?? "";
}

function choose(calls: readonly string[]): readonly (readonly [index: number, day: BadDay])[] {
  const chosen: [number, BadDay][] = [];
  const byName = Map.groupBy(calls.keys(), (index) => calls[index] ?? "");
  for (const [call, indexes] of byName) {
    if (isWrite(call)) {
      for (const index of indexes) for (const day of badDaysOf(call)) chosen.push([index, day]);
      continue;
    }
    const days = badDaysOf(call);
    const some = [...new Set([indexes[0], indexes[indexes.length >> 1], indexes.at(-1)])];
    for (const [nth, index = 0] of some.entries()) chosen.push([index, days[nth % 3] ?? "limited"]);
    // what it has written itself, a store of evidence answers from memory
    const wrote = call === "evidence.list" ? calls.indexOf("evidence.write") : -1;
    const lists = isListed(call) ? [...indexes].filter((index) => wrote < 0 || index < wrote) : [];
    for (const index of lists) chosen.push([index, "stale"]);
  }
  return chosen;
}
