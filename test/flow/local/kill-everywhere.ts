import { Killed, Killer, type Watcher, type When } from "./kill.ts";
import type { LocalWorld } from "./local-world.ts";
import { readState, type State } from "./world-state.ts";

/** What an ended process left, and what a new one made of it. */
export type Left = { point: string; crashed: State; finished: State };

/**
 * Ends a process before and after every call that it makes of a port (or those of `only`), and starts a new one on each
 * state it left.
 */
export async function killEverywhere(
  start: LocalWorld,
  run: (world: LocalWorld, watcher: Watcher) => Promise<unknown>,
  only: (call: string) => boolean = () => true,
): Promise<{ undisturbed: State; points: readonly { call: string; when: When }[]; left: readonly Left[] }> {
  const whole = start.copy();
  const count = new Killer();
  await run(whole, count.watcher);
  const undisturbed = readState(whole);
  const points: { call: string; when: When }[] = [];
  const left = new Map<string, Left>();
  let world = start.copy();
  for (const [index, call] of count.calls.entries()) {
    if (!only(call)) continue;
    for (const when of ["before", "after"] as const) {
      points.push({ call, when });
      const killer = new Killer({ index, when });
      const ended = await run(world, killer.watcher).catch((error: unknown) => error);
      if (!killer.killed || !(ended instanceof Killed)) throw new Error(`Not ended ${when} ${call}: ${String(ended)}`);
      if (killer.writes.length === 0) continue;
      const done = killer.writes.join();
      if (!left.has(done)) {
        const crashed = readState(world);
        // A new process can only see the state: on the same one again it would do the same.
        await run(world, () => undefined);
        left.set(done, { point: `${when} ${call} (${index})`, crashed, finished: readState(world) });
      }
      world = start.copy();
    }
  }
  return { undisturbed, points, left: [...left.values()] };
}
