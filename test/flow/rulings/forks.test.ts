import { beforeAll, describe, expect, it } from "vitest";
import { lookOnly } from "#flow/look-only.ts";
import { planLoop } from "#flow/plan/plan-loop.ts";
import { reconcilePull } from "#flow/pull/reconcile-pull.ts";
import { isGreen } from "#flow/pull/publish-pull.ts";
import { reportRun } from "#flow/report-run.ts";
import { sweepPulls } from "#flow/pull/sweep-pulls.ts";
import { runLoop } from "#test/flow/local/local-loop.ts";
import {
  mergePull,
  openPull,
  openWorld,
  promote,
  runDefault,
  say,
  shipPull,
  standing,
  told,
} from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";
import { readState } from "#test/flow/local/world-state.ts";

const better = { "params.txt": "auc 0.8\n" };

/** v1.0.0 (auc 0.7) stands; #2 comes from a fork, and its own run has trained it. */
let start: LocalWorld;
beforeAll(async () => {
  start = await openWorld();
  await openPull(start, 2, better);
  Object.assign(start.memory.pulls.at(-1) ?? {}, { fork: true, author: "stranger" });
  await runLoop(start, { kind: "pull", number: 2 }, 102, 2);
});

const trainings = (world: LocalWorld): number =>
  Object.keys(world.storage.artifacts).filter((key) => key.includes("/trainyard-run-")).length;
const headline = (world: LocalWorld, pull: number): string => told(world, pull).split("\n")[0] ?? "";

describe("a fork", () => {
  it("is judged by its own run, which writes nothing, and says its verdict by its job", async () => {
    const world = start.copy();
    const before = readState(world);
    const ports = lookOnly(world.ports());
    const answer = await reconcilePull(ports, 2, { runStarts: false, finishedRun: 102, dispatch: false });
    expect(isGreen(answer)).toBe(true);
    expect(readState(world)).toEqual(before);
  });

  it.for([
    [
      "the app, when its run has ended",
      async (world: LocalWorld): Promise<void> => void (await reportRun(world.ports(), 102)),
    ],
    [
      "the next run on the default branch",
      async (world: LocalWorld): Promise<void> => void (await sweepPulls(world.ports())),
    ],
  ] as const)("is reported by %s", async ([, report]) => {
    const world = start.copy();
    await report(world);
    expect(headline(world, 2)).toBe(
      "### 🟢 churn: better than production v1.0.0. Merging trains it again, and nothing ships until somebody says `/promote`: it comes from a fork",
    );
  });

  it("is trained again after the merge, waits, and its own bytes are never promoted", async () => {
    const world = start.copy();
    await reportRun(world.ports(), 102);
    const before = trainings(world);
    await mergePull(world, 2, better);
    await promote(world);
    expect(await standing(world)).toBe("v1.0.0");
    world.memory.luck = " trusted";
    await runDefault(world, 11);
    expect(trainings(world)).toBe(before + 1);
    expect(await standing(world)).toBe("v1.0.0");
    expect(told(world, 2)).toContain("waits for `/promote`: nobody reviewed exactly this");
    const { effect } = await say(world, "/promote churn", { issue: 2 });
    if (effect.kind !== "promote") throw new Error(effect.kind);
    await promote(world, effect.approval);
    expect(await standing(world)).toBe("v1.1.0");
    const model = world.storage.releases.find(({ tag }) => tag === "churn@v1.1.0")?.assets["model.model.txt"];
    expect(model).toContain("trusted");
  });

  it("lends its run to nobody else: another pull request with the same files trains it itself", async () => {
    const world = start.copy();
    await reportRun(world.ports(), 102);
    await openPull(world, 3, better);
    const { plan } = await planLoop(world.ports(), { kind: "pull", number: 3 }, undefined);
    expect(plan?.tasks.map(({ role, train }) => [role, train !== null])).toContainEqual(["candidate", true]);
  });

  it("is compared again from what was answered where production moved, and its code runs on no machine of ours", async () => {
    const world = start.copy();
    await reportRun(world.ports(), 102);
    // another version stands under the same inputs, as if by hand
    const { head } = world;
    await shipPull(world, 4, { "params.txt": "auc 0.75\n" });
    await runDefault(world, 12);
    world.git.setRef("refs/heads/main", head);
    await sweepPulls(world.ports());
    const compare = world.memory.dispatches.find(({ command, pull }) => command === "compare" && pull === "2");
    const { plan } = await planLoop(
      world.ports(),
      { kind: "compare", pull: 2, head: compare?.["head"] ?? "" },
      undefined,
    );
    expect(plan?.comparisons).toHaveLength(1);
    expect(plan?.tasks.filter(({ role }) => role === "candidate")).toEqual([]);
    expect((await say(world, "/train", { issue: 2 })).answer).toContain(
      "A fork is trained by its own workflow run only",
    );
    const ask = { kind: "train", pull: 2, head: compare?.["head"] ?? "", again: false } as const;
    await expect(planLoop(world.ports(), ask, undefined)).rejects.toThrow("comes from a fork");
  });
});

describe("a run that waits for an approval", () => {
  it("is told as what has to be done, and takes no dispatch in its place", async () => {
    const world = start.copy();
    await openPull(world, 5, { "train.csv": "churned\n1\n0\n" });
    Object.assign(world.memory.pulls.at(-1) ?? {}, { fork: true });
    const head = world.memory.pulls.at(-1)?.head.sha;
    const [known] = world.memory.runs;
    if (known === undefined || head === undefined) throw new Error("There is no run");
    const held = { status: "completed", conclusion: "action_required", event: "pull_request", pull: undefined };
    world.memory.runs.push({ ...known, id: 300, head, fork: true, ...held });
    await reportRun(world.ports(), 300);
    expect(headline(world, 5)).toBe(
      "### 🟡 churn: not trained yet: approve its workflow run, which waits for somebody who may write",
    );
    expect(world.memory.dispatches).toEqual([]);
  });
});
