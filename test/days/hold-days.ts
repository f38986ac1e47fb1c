import { describe, expect, it } from "vitest";
import { seedsOf, tellDay } from "./run-days.ts";

/** One part of the random days: the product agrees with the laws after each step of each. */
export function holdDays(part: number, parts: number): void {
  describe("random days", () => {
    const seeds = seedsOf(part, parts);
    const minutes = 1 + seeds.length / 20;
    it.runIf(seeds.length > 0)(
      `agree with the laws, part ${part + 1} of ${parts}: ${seeds.length} of them`,
      { timeout: minutes * 60_000 },
      async () => {
        const told: string[] = [];
        for (const seed of seeds) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other: they share a processor
          const disagreement = await tellDay(seed);
          if (disagreement !== undefined) told.push(disagreement);
          if (told.length === 5) break;
        }
        expect(told.join("\n\n")).toBe("");
      },
    );
  });
}
