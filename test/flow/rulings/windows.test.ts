import { beforeAll, expect, it } from "vitest";
import { isGreen } from "#flow/pull/publish-pull.ts";
import { localFiles } from "#test/flow/local/local-loop.ts";
import { openWorld, promote, reviewPull, runDefault, standing, mergePull, told } from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const config = ".github/trainyard.yml";
const better = { "params.txt": "auc 0.8\n" };

/** v1.0.0 stands; `main` has a window of recent rows beside the holdout, below the data that trains. */
let start: LocalWorld;
beforeAll(async () => {
  start = await openWorld();
  const written = localFiles(0.7)[config]?.replace(
    "holdout: holdout.csv,",
    "holdout: holdout.csv, windows: { recent: recent/*.csv },",
  );
  start.commit("main", { [config]: written ?? "", "recent/week-1.csv": "churned\n1\n0\n" }, "Watch what is recent");
  await runDefault(start, 10);
});

it("shows the window below the holdout, and trains on none of its rows", async () => {
  const world = start.copy();
  expect(isGreen(await reviewPull(world, 2, better))).toBe(true);
  const text = told(world, 2);
  expect(text.split("\n")[0]).toContain("better than production v1.0.0");
  expect(text).toContain("**recent** (shown, decides nothing):");
  expect(text.indexOf("**recent**")).toBeGreaterThan(text.indexOf("difference (95 % interval)"));
  expect(text).toContain("week-1.csv");
});

it("a newer window is compared on with no training, and ships as it was reviewed", async () => {
  const world = start.copy();
  await reviewPull(world, 2, better);
  const runs = (): number =>
    Object.keys(world.storage.artifacts).filter((key) => key.includes("/trainyard-run-")).length;
  const before = runs();
  await reviewPull(world, 3, { ...better, "recent/week-2.csv": "churned\n1\n" });
  expect(runs()).toBe(before);
  expect(told(world, 3)).toContain("week-2.csv");
  await mergePull(world, 3, { ...better, "recent/week-2.csv": "churned\n1\n" });
  await promote(world);
  expect(await standing(world)).toBe("v1.1.0");
  expect(runs()).toBe(before);
});

it("a window without files says nothing", async () => {
  const world = start.copy();
  world.commit("main", { "recent/week-1.csv": undefined }, "Clean up");
  await runDefault(world, 12);
  await reviewPull(world, 2, better);
  expect(told(world, 2)).not.toContain("**recent**");
});
