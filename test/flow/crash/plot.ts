import type { State } from "../local/world-state.ts";
import type { LocalWorld } from "../local/local-world.ts";
import { expectSound } from "./expect-sound.ts";
import { likeness, tellDifference } from "./likeness.ts";
import { liveBadDays, type Run } from "./live-bad-days.ts";

/** One thing that a process does, on the world where it begins. */
export type Plot = {
  name: string;
  open(): Promise<{ world: LocalWorld; run: Run }>;
  /** what the undisturbed end is, so that nothing is compared with nothing */
  ends(state: State): void;
  /** how many single calls go wrong at least, as it was measured */
  points: number;
};

/** Plays a plot on every bad day: what was wrong in between, or is another end once somebody came again. */
export async function playOnBadDays({ open, ends }: Plot): Promise<{ points: number; wrong: readonly string[] }> {
  const { world, run } = await open();
  const { points, undisturbed, aftermaths, odd } = await liveBadDays(world, run);
  ends(undisturbed);
  const wanted = likeness(undisturbed);
  const wrong = [...odd];
  for (const { point, between, finished } of aftermaths) {
    expectSound(between, point);
    const difference = tellDifference(likeness(finished), wanted);
    if (difference !== "") wrong.push(`${point}: ${difference}`);
  }
  return { points, wrong };
}
