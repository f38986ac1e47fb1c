import { beforeEach, describe, expect, it } from "vitest";
import { parseCommitSha } from "#core/names.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { reconcilePull } from "#flow/pull/reconcile-pull.ts";
import { sweepPulls } from "#flow/pull/sweep-pulls.ts";
import { planLoop } from "#flow/plan/plan-loop.ts";
import { reportWatch, watchArtifact } from "#flow/watch/report-watch.ts";
import { localConfig } from "#test/flow/local/local-loop.ts";
import {
  mergePull,
  openPull,
  openWorld,
  promote,
  reconcile,
  shipPull,
  standing,
} from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const configFile = ".github/trainyard.yml";
let world: LocalWorld;
beforeEach(async () => void (world = await openWorld()));

const pull = (number = 1): LocalWorld["memory"]["pulls"][number] =>
  world.memory.pulls.find((one) => one.number === number)!;
const checkOf = (number: number): unknown =>
  world.memory.checks.find(({ head }) => head === pull(number).head.sha)?.check.state;
const red = { kind: "completed", conclusion: "failure" };
const look = async (number: number): Promise<unknown> =>
  (await reconcilePull(world.ports(), number, { runStarts: false, finishedRun: undefined, dispatch: true })).observed
    .outcome;

describe("a green check", () => {
  it("is not made by a pull request of the same head onto another branch", async () => {
    await openPull(world, 2, { "params.txt": "auc 0.1\n" });
    pull(2).base.ref = "dev";
    await look(2);
    expect(checkOf(2)).toBeUndefined();
    pull(2).base.ref = "main";
    await look(2);
    expect(checkOf(2)).toEqual(red);
    pull(2).base.ref = "dev";
    await look(2);
    expect(checkOf(2)).toEqual(red);
    await expect(planLoop(world.ports(), { kind: "pull", number: 2 }, undefined)).rejects.toThrow(/^#2 is not judged/);
  });

  it("is not made where the default branch's config is broken, but for what only mends it", async () => {
    world.commit("main", { [configFile]: "version: 1\nmodels: {\n" }, "Break it");
    await openPull(world, 2, { [configFile]: localConfig("{}"), "params.txt": "auc 0.1\n" });
    expect(await look(2)).toMatchObject({ kind: "stale" });
    expect(checkOf(2)).toEqual(red);
    await openPull(world, 3, { [configFile]: localConfig("{}") });
    expect(await look(3)).toMatchObject({ kind: "models", informational: true });
  });

  it("is not made for a change to a file that the base has moved to where a model reads it", async () => {
    world.commit("main", { "notes/old.sh": "echo\n" }, "Add");
    await openPull(world, 2, { "notes/old.sh": "other\n" });
    await openPull(world, 3, { "README.md": "other\n" });
    moveOnMain("notes/old.sh", "train.sh");
    expect(await look(2)).toMatchObject({ kind: "stale" });
    expect(checkOf(2)).toEqual(red);
    expect(await look(3)).toMatchObject({ kind: "models" });
  });
});

function moveOnMain(from: string, to: string): void {
  world.commit("main", { [from]: undefined, [to]: world.git.text(world.head, from) }, "Move");
  world.commit("main", { "CHANGES.md": "moved\n" }, "Say so");
}

describe("nothing is started", () => {
  it("for a pull request that is closed", async () => {
    pull().state = "closed";
    const asked = { pull: 1, head: pull().head.sha };
    for (const trigger of [
      { kind: "pull", number: 1 } as const,
      { kind: "train", ...asked, again: false } as const,
      { kind: "compare", ...asked } as const,
    ])
      await expect(planLoop(world.ports(), trigger, undefined)).rejects.toThrow(/^#1 is closed/);
  });

  it("again for a comparison that brought nothing, until what is compared changes", async () => {
    await reconcile(world, 1, 2);
    await moveProduction(0.75);
    await sweepPulls(world.ports());
    expect(world.memory.dispatches).toEqual([{ command: "compare", pull: "1", head: pull().head.sha }]);
    await sweepPulls(world.ports());
    await look(1);
    expect(world.memory.dispatches).toHaveLength(1);
    expect(checkOf(1)).toEqual(red);
    await moveProduction(0.76);
    await sweepPulls(world.ports());
    expect(world.memory.dispatches).toHaveLength(2);
    await reconcilePull(world.ports(), 1, { runStarts: false, finishedRun: undefined, dispatch: true, again: true });
    expect(world.memory.dispatches).toHaveLength(3);
  });

  it("again where the run that was started has ended and left nothing", async () => {
    await reconcile(world, 1, 2);
    await moveProduction(0.75);
    await sweepPulls(world.ports());
    const stored = world.memory.checks.find(({ head }) => head === pull().head.sha)!;
    stored.check = { ...stored.check, state: { kind: "in_progress" }, externalId: "run:77" };
    const { head } = await world.ports().repository.defaultBranch();
    world.memory.runs.push({ ...world.memory.runs[0]!, id: 77, event: "workflow_dispatch", head });
    await sweepPulls(world.ports());
    await sweepPulls(world.ports());
    expect(world.memory.dispatches).toHaveLength(1);
    expect(checkOf(1)).toEqual(red);
  });

  it("for a fork whose own code would have to answer", async () => {
    await reconcile(world, 1, 2);
    pull().fork = true;
    await moveProduction(0.75);
    const { artifacts } = world.storage;
    for (const key of Object.keys(artifacts))
      if (key.startsWith("2/trainyard-answers-candidate")) delete artifacts[key];
    await sweepPulls(world.ports());
    expect(world.memory.dispatches).toEqual([]);
  });
});

/** Has another version in production under the same inputs as #1 was made from: as if by hand, for `main` stays. */
async function moveProduction(auc: number): Promise<void> {
  const number = Math.round(auc * 100);
  const before = world.memory.pulls;
  world.memory.pulls = [];
  const parent = world.head;
  await shipPull(world, number, { "params.txt": `auc ${auc}\n` });
  await promote(world);
  world.git.setRef("refs/heads/main", parent);
  world.memory.pulls = before;
}

describe("a review", () => {
  it("of a pull request that was merged into another branch ships nothing", async () => {
    await reconcile(world, 1, 2);
    await mergePull(world, 1, { "params.txt": "auc 0.8\n" });
    pull().base.ref = "dev";
    expect((await promote(world)).promoted).toEqual([]);
    expect(await standing(world)).toBe("v1.0.0");
    pull().base.ref = "main";
    await promote(world);
    expect(await standing(world)).toBe("v1.1.0");
  });
});

describe("a watch", () => {
  const report = {
    schema: "trainyard/drift/1",
    model: "churn",
    version: "v1.0.0",
    verdict: "drift",
    because: "so they say",
    reference: { files: [], rows: 1 },
    current: { files: [], rows: 1 },
    columns: [],
    lead: null,
    at: "2026-05-01T12:00:00.000Z",
  };

  it.for([
    ["of the default branch", "main", true],
    ["of another branch", "work-1", false],
    ["of a tag that bears the branch's name", "tag", false],
  ] as const)("%s is believed: %s, %s", async ([, branch, believed]) => {
    const { head } = await world.ports().repository.defaultBranch();
    const watched = localConfig("{}").replace(
      "    gates",
      '    monitor: { current: { run: sh train.sh, output: "new/*" }, alarm: { after: 1, of: 1 } }\n    gates',
    );
    const now = world.commit("main", { [configFile]: watched }, "Watch");
    const other = world.commit("tampered", { "a.txt": "a" }, "Tamper");
    const at = branch === "main" ? now : branch === "tag" ? other : pull().head.sha;
    world.memory.runs.push({
      ...world.memory.runs[0]!,
      id: 9,
      event: "workflow_dispatch",
      head: parseCommitSha(at),
      branch: branch === "tag" ? "main" : branch,
    });
    const record = { schema: "trainyard/watch/1", head, reports: [report], retrain: [] };
    world.storage.artifacts[`9/${watchArtifact.artifact}/${watchArtifact.file}`] = JSON.stringify(record);
    expect(await reportWatch(world.ports(), 9)).toHaveLength(believed ? 1 : 0);
    expect(world.memory.issues.filter(({ labels }) => labels.includes("trainyard-drift"))).toHaveLength(
      believed ? 1 : 0,
    );
  });
});

it("what stands is told by the head that is newest, whichever event comes last", async () => {
  await reconcile(world, 1, 2);
  await mergePull(world, 1, { "params.txt": "auc 0.8\n" });
  await promote(world);
  // the run of the first head ends only now, and one of the pull request after it was merged
  await reconcileDefault(world.ports(), { finishedRun: 1 });
  await reconcile(world, 1, 2);
  await promote(world);
  expect(await standing(world)).toBe("v1.1.0");
});
