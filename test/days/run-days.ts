import type { Ports } from "#core/ports.ts";
import { Chance } from "./chance.ts";
import { playDay, type Played } from "./play-day.ts";
import { chooseSettings } from "./settings.ts";
import { shorten } from "./shorten.ts";
import { chooseSteps } from "./steps/all-steps.ts";
import type { Step } from "./steps/step.ts";
import type { Settings } from "./town/town.ts";

/** How long a day is, in things that are tried: about a quarter of them finds nothing to do. */
const steps = 12;
const least = 200;

export type Wrap = (ports: Ports) => Ports;
export type Day = { seed: number; settings: Settings; steps: readonly Step[] };

/** `TRAINYARD_SEED=7` is one day, `TRAINYARD_DAYS=5000` are more of them; part `part` of so many. */
export function seedsOf(part: number, parts: number): readonly number[] {
  const one = process.env["TRAINYARD_SEED"];
  if (one !== undefined && one !== "") return part === 0 ? [Number(one)] : [];
  const count = Math.max(1, Number(process.env["TRAINYARD_DAYS"] ?? least));
  return Array.from({ length: count }, (_, index) => index + 1).filter((seed) => seed % parts === part);
}

/** The day of a seed. */
export function dayOf(seed: number): Day {
  const chance = new Chance(seed);
  return { seed, settings: chooseSettings(chance), steps: chooseSteps(chance, steps) };
}

/** Plays the day of a seed; answers undefined, or where product and laws part, with the shortest day that shows it. */
export async function tellDay(seed: number, wrap?: Wrap): Promise<string | undefined> {
  const day = dayOf(seed);
  const options = wrap === undefined ? {} : { wrap };
  const play = async (some: readonly Step[]): Promise<Played> => await playDay(day.settings, some, options);
  const { disagreement } = await play(day.steps);
  if (disagreement === undefined) return undefined;
  const alike = likeness(disagreement);
  const few = await shorten(day.steps, async (some) => likeness((await play(some)).disagreement) === alike);
  const { told, disagreement: shortest } = await play(few);
  return [
    `Seed ${seed}: ${shortest ?? disagreement}`,
    `  in a repository with ${JSON.stringify(day.settings)}`,
    ...told.map((line) => `  - ${line}`),
    `  TRAINYARD_SEED=${seed} plays it again`,
  ].join("\n");
}

/** Two disagreements are alike when they differ in numbers only. */
function likeness(says = ""): string {
  return says.replaceAll(/[0-9a-f]{7,}|\d+/g, "N").slice(0, 40);
}
