import { beforeAll, describe, expect, it } from "vitest";
import { configPath } from "#core/config/config.ts";
import { parseModelName } from "#core/names.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import { startEffect } from "#flow/comment/start-effect.ts";
import { findRun } from "#flow/runs/find-run.ts";
import { readRuns } from "#flow/runs/read-runs.ts";
import { readStatus } from "#flow/status/read-status.ts";
import { findServedModel } from "#cli/find-served-model.ts";
import { stageSource } from "#cli/serve-source.ts";
import { answerComment } from "#flow/comment/answer-comment.ts";
import { killEverywhere } from "#test/flow/local/kill-everywhere.ts";
import { isWrite } from "#test/flow/local/kill.ts";
import { localConfig, localModel } from "#test/flow/local/local-loop.ts";
import {
  comment,
  mergePull,
  openWorld,
  promote,
  reconcile,
  reviewPull,
  runDefault,
  say,
  told,
} from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const called = (name: string, was: string): Readonly<Record<string, string>> => ({
  [configPath]: localConfig("{}", name).replace(`  ${name}:\n`, `  ${name}:\n    was: ${was}\n`),
});
const renamed = called("leavers", "churn");
const other = localConfig("{}", "other");
const retired = { [configPath]: other };
const both = { [configPath]: `${other}${localConfig("{}").split("models:\n")[1] ?? ""}` };

/** v1.0.0 (auc 0.7) was replaced by v1.1.0 (auc 0.8). */
let start: LocalWorld;
beforeAll(async () => {
  start = await openWorld();
  await reconcile(start, 1, 2);
  await mergePull(start, 1, { "params.txt": "auc 0.8\n" });
  await runDefault(start, 10);
});

const tags = (world: LocalWorld): readonly string[] => world.git.refs("refs/tags/").map(([name]) => name);
async function standing(world: LocalWorld, name: string): Promise<string | undefined> {
  const registry = await readRegistry(world.ports().tags, { name: parseModelName(name) });
  return (await registry.standing("production")).standing?.version;
}
const headline = (world: LocalWorld, pull: number): string => told(world, pull).split("\n")[0] ?? "";
const trainings = (world: LocalWorld): number =>
  Object.keys(world.storage.artifacts).filter((key) => key.includes("/trainyard-run-")).length;

/** Whoever reads or serves, asked for either name, hears of the new one. */
async function tellsNewName(world: LocalWorld): Promise<void> {
  const ports = world.ports();
  const status = await readStatus(ports, undefined);
  expect(status.map(({ name, waits }) => [name, waits])).toEqual([
    ["churn", 'it is called "leavers" now'],
    ["leavers", undefined],
  ]);
  const runs = await readRuns(ports);
  expect(runs.map(({ model, names, version, stage }) => [model, names, version, stage])).toEqual([
    ["leavers", ["churn", "leavers"], "v1.1.0", "production"],
    ["leavers", ["churn", "leavers"], "v1.0.0", undefined],
  ]);
  for (const name of ["v1.1.0", "churn@v1.1.0", "leavers@v1.1.0"])
    expect(findRun(runs, name)).toMatchObject({ kind: "run", run: { registered: true, version: "v1.1.0" } });
  await expect(findServedModel(ports, "acme/shop", "churn")).rejects.toThrow(
    '"churn" of acme/shop is called "leavers" now: serve that one (--model leavers)',
  );
  expect(await findServedModel(ports, "acme/shop", "leavers")).toBe("leavers");
  expect(await stageSource(ports, "leavers", "production").current()).toMatchObject({ version: "v1.1.0" });
  expect(await stageSource(ports, "churn", "production").current()).toEqual({
    nothing: 'There is nothing to serve: "churn" is called "leavers" now. Start this server again with --model leavers',
  });
}

describe("a rename", () => {
  it("is settings, trains nothing, and goes on under the new name with its version", async () => {
    const world = start.copy();
    const before = trainings(world);
    const { models } = await reviewPull(world, 2, renamed);
    expect(models.map(({ answer }) => answer)).toMatchObject([{ verdict: { kind: "settings", green: true } }]);
    expect(headline(world, 2).replaceAll("\\", "")).toContain('🟢 leavers: "churn" is called "leavers" from now on');
    await mergePull(world, 2, renamed);
    await runDefault(world, 11);
    expect([await standing(world, "churn"), await standing(world, "leavers")]).toEqual([undefined, "v1.1.0"]);
    expect(tags(world)).toEqual([
      "churn#production!#3",
      "churn#production#1",
      "churn#production#2",
      "churn@v1.0.0",
      "churn@v1.1.0",
      "leavers#production#1",
      "leavers@v1.1.0",
    ]);
    expect(trainings(world)).toBe(before);
    expect(told(world, 2)).toContain(
      "servers that run with `--model churn` serve nothing until they are started again with `--model leavers`",
    );
    await tellsNewName(world);
    await reviewPull(world, 3, { "params.txt": "auc 0.9\n" });
    expect(headline(world, 3)).toContain("leavers: better than production v1.1.0. Merging ships it as v1.2.0");
    await mergePull(world, 3, { "params.txt": "auc 0.9\n" });
    await runDefault(world, 12);
    expect(await standing(world, "leavers")).toBe("v1.2.0");
    expect((await say(world, "/rollback v1.0.0")).answer).toContain("pins `leavers` to `v1.0.0`");
    const pull = world.memory.pulls.at(-1);
    await mergePull(world, pull?.number ?? 0, { [configPath]: world.git.text(pull?.head.sha ?? "", configPath) ?? "" });
    await runDefault(world, 13);
    expect(await standing(world, "leavers")).toBe("v1.0.0");
    expect(tags(world)).toContain("leavers@v1.0.0");
    expect(trainings(world)).toBe(before + 1);
  });

  it("ends in the same state, wherever it is ended", async () => {
    const world = start.copy();
    await mergePull(world, 1, renamed);
    const { undisturbed, left } = await killEverywhere(
      world,
      async (there, watcher) => await promote(there, undefined, watcher),
      isWrite,
    );
    expect(left.length).toBeGreaterThanOrEqual(8);
    for (const one of left) expect.soft(one.finished, one.point).toEqual(undisturbed);
  });
});

describe("a rename after a rename", () => {
  it("goes on from the one before, and waits for it where that is not carried out yet", async () => {
    const world = start.copy();
    await reviewPull(world, 2, renamed);
    await mergePull(world, 2, renamed);
    // the run on the default branch has not moved it yet
    const twice = called("quitters", "leavers");
    await reviewPull(world, 3, twice);
    expect(headline(world, 3).replaceAll("\\", "")).toContain(
      '🔴 quitters: could not be judged: Cannot call "leavers" "quitters" yet: it was called "churn", and still stands under that name',
    );
    await runDefault(world, 11);
    await reconcile(world, 3, 103);
    expect(headline(world, 3).replaceAll("\\", "")).toContain(
      '🟢 quitters: "leavers" is called "quitters" from now on',
    );
    await mergePull(world, 3, twice);
    await runDefault(world, 12);
    const stands = await Promise.all(["churn", "leavers", "quitters"].map(async (name) => await standing(world, name)));
    expect(stands).toEqual([undefined, undefined, "v1.1.0"]);
    expect(world.memory.issues.filter(({ state }) => state === "open")).toEqual([]);
    // one name back is all that `was` says: what is older stays under the names that it had, and the answer says what there is
    expect((await say(world, "/rollback v1.0.0")).answer).toContain(
      'There is no version v1.0.0 of "quitters"; there are v1.1.0.',
    );
    expect(tags(world)).toEqual(expect.arrayContaining(["churn@v1.0.0", "churn@v1.1.0", "leavers@v1.1.0"]));
  });

  it("onto the name of a model that was retired takes a number of its own, wherever it is ended", async () => {
    const world = start.copy();
    const pair = {
      [configPath]: `${localConfig("{}", "other")}${localModel("{}", "churn")}`,
      "params.txt": "auc 0.9\n",
    };
    await reviewPull(world, 2, pair);
    await mergePull(world, 2, pair);
    await runDefault(world, 11);
    const alone = { [configPath]: localConfig("{}", "other"), "params.txt": "auc 0.95\n" };
    await reviewPull(world, 3, alone);
    const word = comment(world, "/accept churn", { issue: 3 });
    await answerComment(world.ports(), word, async (effect) => await startEffect(world.ports(), effect, "app"));
    await mergePull(world, 3, alone);
    await runDefault(world, 12);
    expect([await standing(world, "churn"), await standing(world, "other")]).toEqual([undefined, "v1.1.0"]);
    const taken = called("churn", "other");
    await reviewPull(world, 4, taken);
    expect(headline(world, 4)).toContain('🟢 churn: "other" is called "churn" from now on');
    await mergePull(world, 4, taken);
    const { undisturbed, left } = await killEverywhere(
      world,
      async (there, watcher) => await promote(there, undefined, watcher),
      isWrite,
    );
    expect(left.length).toBeGreaterThanOrEqual(8);
    for (const one of left) expect.soft(one.finished, one.point).toEqual(undisturbed);
    expect(Object.keys(undisturbed.tags)).toEqual(
      expect.arrayContaining(["churn@v1.2.0", "churn@v1.3.0", "churn#production!#4", "other#production!#3"]),
    );
    await runDefault(world, 13);
    expect([await standing(world, "churn"), await standing(world, "other")]).toEqual(["v1.3.0", undefined]);
  });
});

describe("a model that vanishes from the config", () => {
  it("waits for /accept, is taken from its stages by the merge, and its versions stay", async () => {
    const world = start.copy();
    await reviewPull(world, 2, both);
    await mergePull(world, 2, both);
    await runDefault(world, 11);
    await reviewPull(world, 3, retired);
    expect(headline(world, 3).replaceAll("\\", "")).toContain(
      '🟡 churn: "churn" vanishes from the config: v1.1.0 would be taken from its stages, and its versions stay. To take it as it is: `/accept churn',
    );
    const word = comment(world, "/accept churn -- nobody asks for it", { issue: 3 });
    await answerComment(world.ports(), word, async (effect) => await startEffect(world.ports(), effect, "app"));
    await mergePull(world, 3, retired);
    await runDefault(world, 12);
    expect(await standing(world, "churn")).toBeUndefined();
    expect(tags(world)).toEqual(expect.arrayContaining(["churn@v1.0.0", "churn@v1.1.0", "churn#production!#3"]));
    expect(told(world, 3)).toContain(
      "🗄️ **churn** is retired by the word of `ada`: v1.1.0 was taken from `production`",
    );
    const writes = tags(world).length;
    await runDefault(world, 13);
    expect(tags(world)).toHaveLength(writes);

    await reviewPull(world, 4, both);
    expect(headline(world, 4)).toContain("🟡 churn");
    expect(told(world, 4)).toContain("first");
  });

  it("merged without a word, waits for one on the default branch; half done, is finished", async () => {
    const world = start.copy();
    await reviewPull(world, 3, retired);
    await mergePull(world, 3, retired);
    await runDefault(world, 12);
    expect(await standing(world, "churn")).toBe("v1.1.0");
    const issue = world.memory.issues.find(
      ({ title, state }) => title === "churn waits for /promote" && state === "open",
    );
    expect(issue).toMatchObject({ state: "open" });
    expect(issue?.body).toContain("does not name it any more");
    const { effect } = await say(world, "/promote churn", { issue: issue?.number ?? 0, isPull: false });
    if (effect.kind !== "promote") throw new Error(effect.kind);
    const { approval } = effect;
    const { undisturbed, left } = await killEverywhere(
      world,
      async (there, watcher) => await promote(there, approval, watcher),
      isWrite,
    );
    expect(left.length).toBeGreaterThanOrEqual(2);
    for (const one of left) expect.soft(one.finished, one.point).toEqual(undisturbed);
    expect(Object.keys(undisturbed.tags)).toContain("churn#production!#3");
  });
});
