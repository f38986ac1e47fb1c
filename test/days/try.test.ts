import { it } from "vitest";
import { Chance } from "./chance.ts";
import { playDay } from "./play-day.ts";
import { chooseSettings } from "./settings.ts";
import { chooseSteps } from "./steps/all-steps.ts";
import { shorten } from "./shorten.ts";

const from = Number(process.env["FROM"] ?? 1);
const to = Number(process.env["TO"] ?? 20);
const keyOf = (says: string): string => says.replaceAll(/[0-9a-f]{12,}|\d+/g, "N").slice(0, 150);
const safe = async (...args: Parameters<typeof playDay>) => {
  try {
    return await playDay(...args);
  } catch (error) {
    const says = `CRASH ${error instanceof Error ? error.stack?.split("\n").slice(0, 5).join(" | ") : String(error)}`;
    return { disagreement: says, told: ["crash"] };
  }
};
it("tries", async () => {
  const said = new Map<string, number[]>();
  let steps = 0;
  const began = process.cpuUsage();
  const seeds = process.env["SEEDS"]?.split(",").map(Number) ?? Array.from({ length: to - from + 1 }, (_, i) => from + i);
  for (const seed of seeds) {
    const chance = new Chance(seed);
    const settings = chooseSettings(chance);
    const all = chooseSteps(chance, Number(process.env["STEPS"] ?? 20));
    const { disagreement, told } = await safe(settings, all);
    steps += told.length;
    if (disagreement === undefined) continue;
    const key = keyOf(disagreement);
    said.set(key, [...(said.get(key) ?? []), seed]);
    if (process.env["TELL"]) {
      const less = await shorten(all, async (some) => keyOf((await safe(settings, some)).disagreement ?? "").slice(0, 40) === key.slice(0, 40));
      const again = await safe(settings, less);
      console.log(`SEED ${seed}`, JSON.stringify(settings), "\n" + again.told.join("\n"), "\n=>", again.disagreement);
    }
  }
  const { user, system } = process.cpuUsage(began);
  console.log(`${seeds.length} seeds, ${steps} steps, ${(user + system) / 1e6} s`);
  for (const [key, seeds] of [...said].sort((a, b) => b[1].length - a[1].length)) console.log(seeds.length, seeds.slice(0, 6).join(","), key);
}, 600_000);
