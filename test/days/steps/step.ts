import type { Chance } from "../chance.ts";
import type { Town } from "../town/town.ts";
import type { Ending } from "../town/work.ts";
import type { Word } from "../laws/ledger.ts";

/** What may go wrong with what a step makes happen. */
export type Trouble = "none" | "lost" | "lost-end" | "lost-some" | "twice" | "swapped" | "failed" | "machine-lost";

/** One thing that somebody does. `roll` decides all that is left open, so a step is the same in a shorter day. */
export type Step = { kind: string; roll: number; trouble: Trouble };

/** `says`: what was done, in a few words; `word`: what was said, where somebody did. */
export type Done = { says: string; word?: Word };

/** Does it, or answers undefined where there is nothing to do it to. */
export type Act = (town: Town, chance: Chance, ending: Ending) => Done | undefined;
