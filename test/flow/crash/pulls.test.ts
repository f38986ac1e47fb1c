import { expect, it } from "vitest";
import { configPath } from "#core/config/config.ts";
import { reconcilePull } from "#flow/pull/reconcile-pull.ts";
import { localConfig, runLoop } from "../local/local-loop.ts";
import { mergePull, openPull, openWorld, reconcile, reviewPull, runDefault, shipPull } from "../local/local-story.ts";
import type { LocalWorld } from "../local/local-world.ts";
import type { State } from "../local/world-state.ts";
import type { Run } from "./live-bad-days.ts";
import { addRun, asApp, saying } from "./shells.ts";
import { playOnBadDays, type Plot } from "./plot.ts";

const conclusions = ({ conversation: { checks } }: State): readonly string[] =>
  checks.map(({ check: { state } }) => (state.kind === "completed" ? state.conclusion : state.kind));
const first = ({ conversation: { comments } }: State, issue: number): string =>
  comments.find((one) => one.issue === issue)?.body ?? "";

/** v1.1.0 (auc 0.8) stands, and #3 (auc 0.75) is refused. */
async function openRefused(): Promise<LocalWorld> {
  const world = await openWorld();
  await reconcile(world, 1, 2);
  await mergePull(world, 1, { "params.txt": "auc 0.8\n" });
  await runDefault(world, 10);
  await reviewPull(world, 3, { "params.txt": "auc 0.75\n" });
  // its job `verdict` was red
  for (const run of world.memory.runs) if (run.pull === 3) Object.assign(run, { conclusion: "failure" });
  return world;
}

/** The same, and then v1.0.0 (auc 0.7) was brought back by a pin, than which #3 is better. */
async function openTurned(): Promise<LocalWorld> {
  const world = await openRefused();
  await shipPull(world, 4, { [configPath]: localConfig("{ pin: v1.0.0 }") });
  await runDefault(world, 11);
  return world;
}

function findPull(world: LocalWorld, number: number): LocalWorld["memory"]["pulls"][number] {
  const pull = world.memory.pulls.find((one) => one.number === number);
  if (pull === undefined) throw new Error(`There is no #${number}`);
  return pull;
}

/** And then what #3 answered is compared with what v1.0.0 did. */
async function openCompared(): Promise<LocalWorld> {
  const world = await openTurned();
  const { number, head } = findPull(world, 3);
  await runLoop(world, { kind: "compare", pull: number, head: head.sha }, 300);
  addRun(world, 300, "completed");
  return world;
}

const plots: readonly Plot[] = [
  {
    name: "a first verdict",
    async open() {
      return { world: await openWorld(), run: async (there, watcher) => await reconcile(there, 1, 2, watcher) };
    },
    ends(state) {
      expect(conclusions(state).at(-1)).toBe("success");
      expect(first(state, 1)).toContain("🟢");
    },
    points: 80,
  },
  {
    name: "a verdict that waits for its run, as the app sees it",
    async open() {
      const world = await openWorld();
      await openPull(world, 3, { "params.txt": "auc 0.75\n" });
      const run: Run = async (there, watcher) => {
        const ports = asApp(there, watcher);
        await reconcilePull(ports, 3, { runStarts: true, finishedRun: undefined, dispatch: true });
      };
      return { world, run };
    },
    ends: (state) => expect(conclusions(state).at(-1)).toBe("in_progress"),
    points: 31,
  },
  {
    name: "a verdict that has to be reached anew, as production moved",
    async open() {
      const run: Run = async (there, watcher) => {
        const ports = asApp(there, watcher);
        await reconcilePull(ports, 3, { runStarts: false, finishedRun: undefined, dispatch: true });
      };
      return { world: await openTurned(), run };
    },
    ends(state) {
      expect(state.conversation.dispatches).toMatchObject([{ command: "compare", pull: "3" }]);
      expect(conclusions(state)).toContain("in_progress");
    },
    points: 58,
  },
  {
    name: "a verdict that turns by way of a comparison",
    async open() {
      const world = await openTurned();
      const ports = asApp(world, () => undefined);
      await reconcilePull(ports, 3, { runStarts: false, finishedRun: undefined, dispatch: true });
      const { number, head } = findPull(world, 3);
      const id = world.memory.runs.at(-1)?.id ?? 0;
      await runLoop(world, { kind: "compare", pull: number, head: head.sha }, id);
      world.memory.runs.pop();
      addRun(world, id, "completed");
      return { world, run: async (there, watcher) => await reconcile(there, 3, id, watcher) };
    },
    ends(state) {
      expect(first(state, 3)).toContain("🟢");
      expect(state.conversation.reruns).toHaveLength(1);
    },
    points: 89,
  },
  {
    name: "a verdict that turns",
    async open() {
      const world = await openCompared();
      return { world, run: async (there, watcher) => await reconcile(there, 3, 300, watcher) };
    },
    ends(state) {
      expect(first(state, 3)).toContain("🟢");
      expect(state.conversation.reruns).toHaveLength(1);
    },
    points: 89,
  },
  {
    name: "/accept",
    async open() {
      const world = await openWorld();
      await reviewPull(world, 3, { "params.txt": "auc 0.7 spread 0.05\n" });
      world.memory.minutes += 1;
      return { world, run: saying(world, "/accept -- as good", 3) };
    },
    ends(state) {
      expect(conclusions(state).at(-1)).toBe("success");
      expect(Object.keys(state.evidence).filter((path) => path.startsWith("acceptances/"))).toHaveLength(1);
    },
    points: 97,
  },
  {
    name: "/train",
    async open() {
      const world = await openWorld();
      await openPull(world, 3, { "params.txt": "auc 0.75\n" });
      return { world, run: saying(world, "/train", 3) };
    },
    ends: (state) => expect(state.conversation.dispatches).toMatchObject([{ command: "train", pull: "3" }]),
    points: 52,
  },
  {
    name: "/rollback",
    async open() {
      const world = await openRefused();
      return { world, run: saying(world, "/rollback", 3) };
    },
    ends(state) {
      expect(Object.keys(state.branches).filter((name) => name.startsWith("pin/"))).toHaveLength(1);
      expect(state.conversation.pulls.at(-1)).toMatchObject({ title: "Roll churn back to v1.0.0" });
    },
    points: 56,
  },
  {
    name: "/promote",
    async open() {
      const world = await openWorld();
      world.commit("main", { "params.txt": "auc 0.75\n" }, "Straight to main");
      await runDefault(world, 10);
      const issue = world.memory.issues.findLast(({ state }) => state === "open");
      return { world, run: saying(world, "/promote -- why not", issue?.number ?? 0, false) };
    },
    ends: (state) => expect(state.conversation.dispatches).toMatchObject([{ command: "promote", by: "ada" }]),
    points: 51,
  },
];

it.for(plots)("$name ends the same on any bad day", async (plot) => {
  const { points, wrong } = await playOnBadDays(plot);
  expect(wrong).toEqual([]);
  expect(points).toBeGreaterThanOrEqual(plot.points);
});
