import { expect, it } from "vitest";
import { configPath } from "#core/config/config.ts";
import type { Approval } from "#core/promotion/decide.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { localConfig, localFiles, runLoop } from "../local/local-loop.ts";
import {
  approval,
  churn,
  mergePull,
  openWorld,
  promote,
  reconcile,
  reviewPull,
  runDefault,
  shipPull,
} from "../local/local-story.ts";
import { LocalWorld } from "../local/local-world.ts";
import type { State } from "../local/world-state.ts";
import type { Run } from "./live-bad-days.ts";
import { playOnBadDays, type Plot } from "./plot.ts";

const better = { "params.txt": "auc 0.8\n" };
const promoting =
  (yes?: Approval): Run =>
  async (world, watcher) =>
    await promote(world, yes, watcher);
const tags = ({ tags: all }: State, which: RegExp): readonly string[] =>
  Object.keys(all).filter((name) => which.test(name));

/** #1 is green and merged, and nobody has promoted it yet. */
async function openMerged(options: { promote?: string } = {}): Promise<LocalWorld> {
  const world = await openWorld(options);
  await reconcile(world, 1, 2);
  await mergePull(world, 1, better);
  return world;
}

/** v1.0.0 (auc 0.7) was replaced by v1.1.0 (auc 0.8). */
async function openImproved(options: { promote?: string } = {}): Promise<LocalWorld> {
  const world = await openMerged(options);
  await runDefault(world, 10);
  return world;
}

const stages = { promote: "{ stages: [staging, production] }" };
const renamed = { [configPath]: localConfig("{}", "leavers").replace("  leavers:\n", "  leavers:\n    was: churn\n") };

const plots: readonly Plot[] = [
  {
    name: "the first version",
    async open() {
      const world = new LocalWorld();
      world.commit("main", localFiles(0.7), "Start");
      await runLoop(world, { kind: "push" }, 1);
      await reconcileDefault(world.ports(), { finishedRun: 1 });
      return { world, run: promoting(approval) };
    },
    ends: (state) => expect(tags(state, /./)).toEqual(["churn#production#1", "churn@v1.0.0"]),
    points: 109,
  },
  {
    name: "a further version",
    open: async () => ({ world: await openMerged(), run: promoting() }),
    ends: (state) =>
      expect(tags(state, /#|v1\.1/)).toEqual(["churn#production#1", "churn#production#2", "churn@v1.1.0"]),
    points: 115,
  },
  {
    name: "a version that goes on to the next stage",
    async open() {
      const world = await openMerged(stages);
      await promote(world);
      return { world, run: promoting({ ...approval, stage: "production", why: "on" }) };
    },
    ends: (state) => expect(tags(state, /#/)).toContain("churn#production#4"),
    points: 62,
  },
  {
    name: "a stage that is new",
    async open() {
      const world = await openImproved();
      world.commit("main", { [configPath]: localConfig("{ stages: [production, shops] }") }, "Open shops");
      return { world, run: promoting() };
    },
    ends: (state) => expect(tags(state, /#/)).toContain("churn#shops#3"),
    points: 63,
  },
  {
    name: "a going back by a revert, to every stage",
    async open() {
      const world = await openMerged(stages);
      const { head } = await world.ports().repository.defaultBranch();
      await promote(world);
      await promote(world, { ...approval, stage: "production", why: "on" });
      world.commit("main", { "params.txt": "auc 0.7\n" }, `Revert "Work 1 (#1)"\n\nThis reverts commit ${head}.`);
      return { world, run: promoting() };
    },
    ends: (state) =>
      expect(tags(state, /#/)).toEqual(expect.arrayContaining(["churn#staging#5", "churn#production#6"])),
    points: 82,
  },
  {
    name: "a going back by a pin",
    async open() {
      const world = await openImproved();
      await shipPull(world, 2, { [configPath]: localConfig("{ pin: v1.0.0 }") });
      return { world, run: promoting() };
    },
    ends: (state) => expect(tags(state, /#/)).toContain("churn#production#3"),
    points: 63,
  },
  {
    name: "a version that is registered while a pin holds",
    async open() {
      const world = await openImproved();
      await shipPull(world, 2, { [configPath]: localConfig("{ pin: v1.1.0 }") });
      await runDefault(world, 11);
      await shipPull(world, 3, { "params.txt": "auc 0.9\n" });
      return { world, run: promoting() };
    },
    ends(state) {
      expect(tags(state, /@/)).toContain("churn@v1.2.0");
      expect(tags(state, /#/)).toHaveLength(2);
    },
    points: 97,
  },
  {
    name: "a rename",
    async open() {
      const world = await openImproved();
      await mergePull(world, 1, renamed);
      return { world, run: promoting() };
    },
    ends: (state) =>
      expect(tags(state, /leavers|!/)).toEqual(["churn#production!#3", "leavers#production#1", "leavers@v1.1.0"]),
    points: 144,
  },
  {
    name: "a model that is retired",
    async open() {
      const world = await openImproved();
      const retired = { [configPath]: localConfig("{}", "other") };
      await reviewPull(world, 3, retired);
      await mergePull(world, 3, retired);
      return { world, run: promoting({ model: churn, subject: undefined, by: "ada", why: "nobody asks for it" }) };
    },
    ends: (state) => expect(tags(state, /!/)).toEqual(["churn#production!#3"]),
    points: 45,
  },
];

it.for(plots)("$name ends the same on any bad day", async (plot) => {
  const { points, wrong } = await playOnBadDays(plot);
  expect(wrong).toEqual([]);
  expect(points).toBeGreaterThanOrEqual(plot.points);
});
