import { Chance } from "./chance.ts";
import { playDay } from "./play-day.ts";
import { chooseSettings } from "./settings.ts";
import { chooseSteps } from "./steps/all-steps.ts";
let steps = 0;
const began = process.cpuUsage();
for (let seed = 1; seed <= Number(process.argv[2] ?? 30); seed++) {
  const chance = new Chance(seed);
  const settings = chooseSettings(chance);
  steps += (await playDay(settings, chooseSteps(chance, 20)).catch(() => ({ done: 0 }))).done;
}
const { user, system } = process.cpuUsage(began);
console.log(steps, (user + system) / 1e6);
