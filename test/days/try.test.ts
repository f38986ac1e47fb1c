import { it } from "vitest";
import { Chance } from "./chance.ts";
import { playDay } from "./play-day.ts";
import { chooseSettings } from "./settings.ts";
import { chooseSteps } from "./steps/all-steps.ts";
import { observeDefault } from "#flow/observe/observe-default.ts";
import type { Town } from "./town/town.ts";
import { shorten } from "./shorten.ts";

const from = Number(process.env["FROM"] ?? 1);
const to = Number(process.env["TO"] ?? 20);
const keyOf = (says: string): string => says.replaceAll(/[0-9a-f]{12,}|\d+/g, "N").slice(0, 150);
const safe = async (...args: Parameters<typeof playDay>) => {
  try {
    return await playDay(...args);
  } catch (error) {
    const says = `CRASH ${error instanceof Error ? error.stack?.split("\n").slice(0, 5).join(" | ") : String(error)}`;
    return { disagreement: { step: 0, says }, told: ["crash"], done: 0, town: undefined };
  }
};
async function show(town: Town): Promise<string> {
  const seen = await observeDefault(town.shells.ports(), { approval: undefined, failures: [], expecting: false });
  const lines = seen.models.map(({ decision }) => JSON.stringify(decision).slice(0, 600));
  for (const { issue, body } of town.world.memory.comments) lines.push(`on #${issue}: ${body.slice(0, 500)}`);
  for (const { title, state } of town.world.memory.issues) lines.push(`issue ${title} ${state}`);
  lines.push(JSON.stringify(town.world.memory.dispatches));
  if (process.env["SHOW"] === "2") { const tip = town.world.git.ref("refs/heads/trainyard") ?? ""; for (const path of town.world.git.tree(tip).keys()) if (/^(reviews|runs|acc)/.test(path)) lines.push(path + " " + (town.world.git.text(tip, path) ?? "").replaceAll(/\s+/g, " ").slice(0, 700)); }
  return lines.join("\n");
}
it("tries", async () => {
  const said = new Map<string, number[]>();
  let steps = 0;
  const began = process.cpuUsage();
  const seeds = process.env["SEEDS"]?.split(",").map(Number) ?? Array.from({ length: to - from + 1 }, (_, i) => from + i);
  for (const seed of seeds) {
    const chance = new Chance(seed);
    const settings = chooseSettings(chance);
    const all = chooseSteps(chance, 20);
    const { disagreement, done } = await safe(settings, all);
    steps += done;
    if (disagreement === undefined) continue;
    const key = keyOf(disagreement.says);
    said.set(key, [...(said.get(key) ?? []), seed]);
    if (process.env["TELL"]) {
      const less = await shorten(all, async (some) => keyOf((await safe(settings, some)).disagreement?.says ?? "").slice(0, 40) === key.slice(0, 40));
      const again = await safe(settings, less);
      console.log(`SEED ${seed}`, JSON.stringify(settings), "\n" + again.told.join("\n"), "\n=>", again.disagreement?.says);
      if (process.env["SHOW"]) console.log(again.town === undefined ? "" : await show(again.town));
    }
  }
  const { user, system } = process.cpuUsage(began);
  console.log(`${seeds.length} seeds, ${steps} steps, ${(user + system) / 1e6} s`);
  for (const [key, seeds] of [...said].sort((a, b) => b[1].length - a[1].length)) console.log(seeds.length, seeds.slice(0, 6).join(","), key);
}, 600_000);
