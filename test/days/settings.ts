import type { Chance } from "./chance.ts";
import type { Settings } from "./town/town.ts";

/** What is so all day long, by chance. */
export function chooseSettings(chance: Chance): Settings {
  return {
    writer: chance.often(50) ? "app" : "actions",
    stages: chance.often(70) ? ["production"] : ["staging", "production"],
    combinations: chance.often(60) ? "wait" : "gate",
    when: chance.weigh([
      [7, "push"],
      [1, "ready"],
      [1, "label"],
      [1, "command"],
    ] as const),
    testMerges: chance.often(50),
    queue: chance.often(25),
    twins: chance.often(20),
    sameLuck: chance.often(30),
  };
}
