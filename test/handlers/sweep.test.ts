import { describe, expect, it } from "vitest";
import { sweepDefault } from "#flow/sweep-default.ts";
import { pullJob } from "#handlers/work/pull-job.ts";
import { configPath } from "#core/config/config.ts";
import { localConfig, runLoop } from "../flow/local/local-loop.ts";
import { mergePull, openPull, openWorld, promote, reconcile, runDefault, told } from "../flow/local/local-story.ts";
import type { LocalWorld } from "../flow/local/local-world.ts";
import { addRun } from "../flow/crash/shells.ts";

/** v1.0.0 stands, and the app writes. */
async function openAppWorld(): Promise<LocalWorld> {
  const world = await openWorld();
  world.commit("main", { [configPath]: `writer: app\n${localConfig("{}")}` }, "Let the app write");
  return world;
}

const open = (world: LocalWorld) => () => world.ports();
const checkOf = (world: LocalWorld, branch: string) =>
  world.memory.checks.findLast(({ head }) => head === world.git.ref(`refs/heads/${branch}`))?.check;

describe("a pull request that could not be judged", () => {
  it("has its check say so where it was in progress or not there, and keeps a verdict", async () => {
    const world = await openAppWorld();
    await openPull(world, 3, { "params.txt": "auc 0.75\n" });
    const place = { repository: "acme/shop", pull: 3, open: open(world) };
    await pullJob(place, { runStarts: true }).work();
    expect(checkOf(world, "work-3")?.state).toEqual({ kind: "in_progress" });
    await pullJob(place, {}).giveUp?.(new Error("Cannot write a tree: `500` from @acme"));
    expect(checkOf(world, "work-3")).toMatchObject({
      state: { kind: "completed", conclusion: "failure" },
      title: "Could not be judged",
    });
    expect(checkOf(world, "work-3")?.summary).toContain("Cannot write a tree");
    expect(checkOf(world, "work-3")?.summary).not.toMatch(/(?<!\u200b)@acme/);
    await runLoop(world, { kind: "pull", number: 3 }, 103, 3);
    await pullJob(place, {}).work();
    const judged = checkOf(world, "work-3");
    expect(judged?.title).toContain("better than production");
    await pullJob(place, {}).giveUp?.(new Error("again"));
    expect(checkOf(world, "work-3")).toEqual(judged);
  });

  it("is left alone where the workflow writes, and where it is closed", async () => {
    const world = await openWorld();
    await pullJob({ repository: "acme/shop", pull: 1, open: open(world) }, {}).giveUp?.(new Error("no"));
    expect(checkOf(world, "work-1")).toBeUndefined();
    const other = await openAppWorld();
    for (const pull of other.memory.pulls) pull.state = "closed";
    await pullJob({ repository: "acme/shop", pull: 1, open: open(other) }, {}).giveUp?.(new Error("no"));
    expect(checkOf(other, "work-1")).toBeUndefined();
  });
});

describe("sweepDefault()", () => {
  it("says what a run found that nobody was told of", async () => {
    const world = await openWorld();
    world.commit("main", { "params.txt": "auc 0.75\n" }, "Straight to main");
    await runLoop(world, { kind: "push" }, 10);
    await sweepDefault(world.ports());
    expect(world.memory.issues.findLast(({ state }) => state === "open")?.title).toBe("churn waits for /promote");
  });

  it("leaves everything to a run that is under way", async () => {
    const world = await openWorld();
    world.commit("main", { "params.txt": "auc 0.75\n" }, "Straight to main");
    addRun(world, 10, "queued");
    const before = structuredClone(world.memory);
    await sweepDefault(world.ports());
    expect(world.memory).toEqual(before);
  });

  it("starts one run that promotes where none did, and no second one", async () => {
    const world = await openWorld();
    await reconcile(world, 1, 2);
    await mergePull(world, 1, { "params.txt": "auc 0.8\n" });
    await runLoop(world, { kind: "push" }, 10);
    await sweepDefault(world.ports());
    expect(world.memory.dispatches).toEqual([{ command: "promote" }]);
    addRun(world, 11, "completed");
    await sweepDefault(world.ports());
    expect(world.memory.dispatches).toHaveLength(1);
    await promote(world);
    await sweepDefault(world.ports());
    expect(told(world, 1)).toContain("stands at `production`");
    await runDefault(world, 12);
    await sweepDefault(world.ports());
    expect(world.memory.dispatches).toHaveLength(1);
  });
});
