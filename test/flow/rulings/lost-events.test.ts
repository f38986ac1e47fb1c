import { beforeAll, describe, expect, it } from "vitest";
import { planLoop } from "#flow/plan/plan-loop.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { runLoop } from "#test/flow/local/local-loop.ts";
import {
  mergePull,
  openWorld,
  promote,
  reconcile,
  reviewPull,
  runDefault,
  say,
  standing,
  told,
} from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const better = { "params.txt": "auc 0.8\n" };

/** v1.0.0 stands, #1 is green. */
let start: LocalWorld;
beforeAll(async () => {
  start = await openWorld();
  await reconcile(start, 1, 2);
});
const clock = { kind: "watch", forced: false, model: undefined, run: 900 } as const;
const trainings = (world: LocalWorld): number =>
  Object.keys(world.storage.artifacts).filter((key) => key.includes("/trainyard-run-")).length;

describe("the clock", () => {
  it("promotes a reviewed merge whose push was lost", async () => {
    const world = start.copy();
    await mergePull(world, 1, better);
    const { promote: planned, plan } = await planLoop(world.ports(), clock, undefined);
    expect(planned).toEqual([{ model: "churn", environment: "" }]);
    expect(plan?.tasks ?? []).toEqual([]);
  });

  it("trains what a lost push would have, but not beside a run that may be at it, nor what has failed", async () => {
    const world = start.copy();
    world.commit("main", { "train.sh": "cat params.txt # otherwise\n" }, "Straight to main");
    const [known] = world.memory.runs;
    if (known === undefined) throw new Error("There is no run");
    const trains = async (): Promise<number> =>
      (await planLoop(world.ports(), clock, undefined)).plan?.tasks.length ?? 0;
    expect(await trains()).toBe(1);
    world.memory.runs.push({ ...known, id: 800, head: world.head, event: "push", status: "in_progress" });
    expect(await trains()).toBe(0);
    // what ended was tried: it fails again, and every hour
    Object.assign(world.memory.runs.at(-1) ?? {}, { status: "completed", conclusion: "failure" });
    expect(await trains()).toBe(0);
    Object.assign(world.memory.runs.at(-1) ?? {}, { id: 900, event: "schedule", status: "in_progress" });
    expect(await trains()).toBe(1);
    const state = { kind: "completed", conclusion: "failure" } as const;
    world.memory.checks.push({ id: 1, head: world.head, check: { state, title: "t", summary: "s", externalId: "" } });
    expect(await trains()).toBe(0);
  });

  it("starts nothing again that a run of its own has had tried, though nobody could say that it failed", async () => {
    const world = start.copy();
    // "[skip ci]": no run of a push, and the step that reports fails each time
    world.commit("main", { "train.sh": "false\n" }, "Straight to main [skip ci]");
    const [known] = world.memory.runs;
    if (known === undefined) throw new Error("There is no run");
    const wake = async (id: number): Promise<number> => {
      const { plan } = await planLoop(world.ports(), { ...clock, run: id }, undefined);
      if (plan !== undefined) world.storage.artifacts[`${id}/trainyard-plan/plan.json`] = JSON.stringify(plan);
      const ended = { event: "schedule", head: world.head, status: "completed", conclusion: "failure" };
      world.memory.runs.push({ ...known, ...ended, id });
      return plan?.tasks.length ?? 0;
    };
    const started = [];
    for (let id = 901; id < 920; id++) started.push(await wake(id));
    expect(started).toEqual([1, ...started.slice(1).fill(0)]);
    // another recipe is another matter
    world.commit("main", { "train.sh": "cat params.txt # mended\n" }, "Mend it [skip ci]");
    expect(await wake(920)).toBe(1);
  });
});

describe("bytes that expire", () => {
  it("while a run waits are trained again only when a word asks for it, and wait once more", async () => {
    const world = start.copy();
    world.commit("main", { "params.txt": "auc 0.85\n" }, "Straight to main");
    await runDefault(world, 10);
    const expire = (): void => {
      world.storage.artifacts = Object.fromEntries(
        Object.entries(world.storage.artifacts).filter(([key]) => !key.startsWith("10/")),
      );
    };
    expire();
    const before = trainings(world);
    world.commit("main", { "README.md": "More\n" }, "Say more");
    await runDefault(world, 11);
    expect(trainings(world)).toBe(before);
    const open = world.memory.issues.filter(({ state }) => state === "open");
    expect(open.map(({ title }) => title)).toEqual(["churn waits for /promote"]);
    expect(open[0]?.body).toContain("can no longer be had");
    const { effect, answer } = await say(world, "/promote churn");
    expect(answer).toContain("Training `churn` again");
    if (effect.kind !== "promote") throw new Error(effect.kind);
    const { subject = "", stage = "", by, why } = effect.approval;
    await runLoop(world, { kind: "promote", model: "churn", subject, stage, by, why }, 12);
    await reconcileDefault(world.ports(), { finishedRun: 12 });
    expect(trainings(world)).toBe(before + 1);
    expect(await standing(world)).toBe("v1.0.0");
    const again = await say(world, "/promote churn");
    if (again.effect.kind !== "promote") throw new Error(again.answer);
    await promote(world, again.effect.approval);
    expect(await standing(world)).toBe("v1.1.0");
  });

  it("before a reviewed merge are trained at once, and wait", async () => {
    const world = start.copy();
    for (const key of Object.keys(world.storage.artifacts))
      if (key.startsWith("2/")) delete world.storage.artifacts[key];
    await mergePull(world, 1, better);
    const before = trainings(world);
    world.memory.luck = " again";
    await runDefault(world, 10);
    expect(trainings(world)).toBe(before + 1);
    expect(await standing(world)).toBe("v1.0.0");
    expect(told(world, 1)).toContain("waits for `/promote`");
  });
});

describe("a merge over the red check of a foreign workflow", () => {
  it("is trained on the default branch, judged, and waits", async () => {
    const world = start.copy();
    const files = { "params.txt": "auc 0.9\n", ".github/workflows/trainyard.yml": "on: [push]\n" };
    const { models } = await reviewPull(world, 5, files);
    expect(models[0]?.answer).toMatchObject({ verdict: { kind: "error" } });
    await mergePull(world, 5, files);
    await runDefault(world, 20);
    expect(await standing(world)).toBe("v1.0.0");
    expect(told(world, 5)).toContain("waits for `/promote`");
  });
});
