import { beforeAll, describe, expect, it } from "vitest";
import type { CommitSha } from "#core/names.ts";
import { reportRun } from "#flow/report-run.ts";
import { reconcileGroup } from "#flow/group/reconcile-group.ts";
import { runLoop } from "#test/flow/local/local-loop.ts";
import {
  openPull,
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
const otherwise = { "train.sh": "cat params.txt # otherwise\n" };

/** v1.0.0 (auc 0.7) stands, a queue merges, and #2 and #3 are green, each by itself. */
let start: LocalWorld;
beforeAll(async () => {
  start = await openWorld();
  start.memory.queue = true;
  await reviewPull(start, 2, better);
  await reviewPull(start, 3, otherwise);
});

type Group = { head: CommitSha; ref: string; files: Readonly<Record<string, string>>; pull: number };

/** What a queue makes: a commit on what is ahead, on a branch of its own. */
function makeGroup(world: LocalWorld, pull: number, files: Group["files"], on: CommitSha = world.head): Group {
  const ref = `gh-readonly-queue/main/pr-${pull}-${on}`;
  const head = world.git.commit({ parents: [on], files, message: `Work ${pull} (#${pull})` });
  world.git.setRef(`refs/heads/${ref}`, head);
  return { head, ref, files, pull };
}

/** The group's own run, and what is said of it. */
async function runGroup(world: LocalWorld, { head, ref }: Group, id: number): Promise<string> {
  await runLoop(world, { kind: "group", head, ref }, id);
  const run = world.memory.runs.find((one) => one.id === id);
  if (run !== undefined) Object.assign(run, { event: "merge_group", head, branch: ref });
  await reportRun(world.ports(), id);
  const state = world.memory.checks.findLast((check) => check.head === head)?.check.state;
  return state?.kind === "completed" ? state.conclusion : "in progress";
}

function mergeGroup(world: LocalWorld, { head, pull: number }: Group): void {
  const pull = world.memory.pulls.find((one) => one.number === number);
  world.memory.minutes += 1;
  world.git.setRef("refs/heads/main", head);
  Object.assign(pull ?? {}, { state: "closed", merged: true, mergeCommit: head });
}

const trainings = (world: LocalWorld): number =>
  Object.keys(world.storage.artifacts).filter((key) => key.includes("/trainyard-run-")).length;

describe("a group of a merge queue", () => {
  it("that makes what was reviewed is green with no training, and ships it", async () => {
    const world = start.copy();
    const before = trainings(world);
    const group = makeGroup(world, 2, better);
    expect(await runGroup(world, group, 201)).toBe("success");
    mergeGroup(world, group);
    await runDefault(world, 202);
    expect(await standing(world)).toBe("v1.1.0");
    expect(trainings(world)).toBe(before);
  });

  it("of two that meet is trained by itself, and what it makes ships as reviewed", async () => {
    const world = start.copy();
    const before = trainings(world);
    const one = makeGroup(world, 2, better);
    const two = makeGroup(world, 3, otherwise, one.head);
    const early = await reconcileGroup(world.ports(), two, { runStarts: true, finishedRun: undefined });
    expect(early.green).toBe(false);
    expect(world.memory.checks.at(-1)?.check.state).toEqual({ kind: "in_progress" });
    expect(await runGroup(world, one, 201)).toBe("success");
    expect(await runGroup(world, two, 202)).toBe("success");
    expect(trainings(world)).toBe(before + 1);
    mergeGroup(world, one);
    mergeGroup(world, two);
    await runDefault(world, 203);
    expect(await standing(world)).toBe("v1.1.0");
    expect(trainings(world)).toBe(before + 1);
    expect(world.memory.issues.filter(({ state }) => state === "open")).toEqual([]);
    expect(world.git.tagOf(world.git.ref("refs/tags/churn#production#2") ?? "")?.message).toContain("reviewed in #3");
  });

  it("that is worse is red, says so on its pull request, and nothing ships", async () => {
    const world = start.copy();
    const group = makeGroup(world, 3, { ...otherwise, "params.txt": "auc 0.5\n" });
    expect(await runGroup(world, group, 201)).toBe("failure");
    expect(told(world, 3)).toMatch(/^### 🔴 churn: refused: .*\n\nIn the merge queue, on top of/);
  });

  it("that is not decided waits, but where somebody accepted that very evidence on the pull request", async () => {
    const unsure = { "params.txt": "auc 0.7 spread 0.05\n" };
    const world = start.copy();
    await reviewPull(world, 4, unsure);
    const alone = world.copy();
    expect(await runGroup(alone, makeGroup(alone, 4, unsure), 201)).toBe("action_required");
    await say(world, "/accept", { issue: 4 });
    const group = makeGroup(world, 4, unsure);
    expect(await runGroup(world, group, 201)).toBe("success");
    mergeGroup(world, group);
    await runDefault(world, 202);
    expect(await standing(world)).toBe("v1.1.0");
    const later = start.copy();
    const other = makeGroup(later, 3, { ...otherwise, ...unsure });
    expect(await runGroup(later, other, 203)).toBe("action_required");
  });

  it("on a branch that says otherwise is refused", async () => {
    const world = start.copy();
    const { head } = makeGroup(world, 2, better);
    const ports = world.ports();
    const options = { runStarts: true, finishedRun: undefined };
    await expect(reconcileGroup(ports, { head, ref: "main" }, options)).rejects.toThrow("is no group of a merge queue");
    const ref = `gh-readonly-queue/main/pr-2-${head}`;
    await expect(reconcileGroup(ports, { head: world.head, ref }, options)).rejects.toThrow("does not stand on");
  });
});

describe("a stale pull request", () => {
  it.for([
    [true, "success", "🟢 churn: out of date, and may be queued"],
    [false, "failure", "🟡 churn: out of date"],
  ] as const)("with a queue: %s, ends as %s", async ([queue, conclusion, line]) => {
    const world = start.copy();
    world.memory.queue = queue;
    await openPull(world, 4, { "train.csv": "churned\n1\n1\n" });
    world.commit("main", otherwise, "Meanwhile");
    await runLoop(world, { kind: "push" }, 204);
    await promote(world);
    await reconcile(world, 2, 0);
    const check = world.memory.checks.findLast(
      ({ head }) => head === world.memory.pulls.find(({ number }) => number === 2)?.head.sha,
    );
    expect(check?.check.state).toEqual({ kind: "completed", conclusion });
    expect(world.memory.comments.find(({ issue }) => issue === 2)?.body).toContain(
      line.replace("🟢 Out of date", queue ? "🟢" : ""),
    );
  });
});
