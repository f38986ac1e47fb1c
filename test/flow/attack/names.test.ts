import { beforeAll, describe, expect, it } from "vitest";
import { configPath } from "#core/config/config.ts";
import { parseModelName } from "#core/names.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import type { ObservedDefault } from "#flow/observe/observe-default.ts";
import type { PullAnswer } from "#flow/pull/reconcile-pull.ts";
import { killEverywhere } from "#test/flow/local/kill-everywhere.ts";
import { isWrite } from "#test/flow/local/kill.ts";
import { startEffect } from "#flow/comment/start-effect.ts";
import { answerComment } from "#flow/comment/answer-comment.ts";
import { localConfig, localModel } from "#test/flow/local/local-loop.ts";
import {
  comment,
  mergePull,
  openWorld,
  promote,
  reconcile,
  reviewPull,
  runDefault,
  shipPull,
  told,
} from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const other = localModel("{}", "other");
const both = { [configPath]: `${localConfig("{}")}${other}` };
const gone = { [configPath]: localConfig("{}", "other") };
const was = (name: string, old: string, promote = "{}"): string =>
  localConfig(promote, name).replace(`  ${name}:\n`, `  ${name}:\n    was: ${old}\n`);

let start: LocalWorld;
beforeAll(async () => {
  start = await openWorld();
  await reconcile(start, 1, 2);
  await mergePull(start, 1, { "params.txt": "auc 0.8\n" });
  await runDefault(start, 10);
});
async function standing(world: LocalWorld, name: string): Promise<string | undefined> {
  const registry = await readRegistry(world.ports().tags, { name: parseModelName(name) });
  return (await registry.standing("production")).standing?.version;
}
async function accept(world: LocalWorld, pull: number, words: string): Promise<void> {
  const word = comment(world, words, { issue: pull });
  await answerComment(world.ports(), word, async (effect) => await startEffect(world.ports(), effect, "app"));
}

const decisions = ({ models }: ObservedDefault): readonly string[] => models.map(({ decision }) => decision.kind);
const verdicts = ({ models }: PullAnswer): readonly string[] =>
  models.map(({ change, answer }) => `${change.name}: ${answer.kind === "verdict" ? answer.verdict.kind : "pending"}`);

/** Two models stand, by reviews. */
async function addOther(): Promise<LocalWorld> {
  const world = start.copy();
  await shipPull(world, 2, both);
  await runDefault(world, 11);
  return world;
}

/** "churn" was retired by the merge of #3, where somebody had accepted that. */
async function retire(world: LocalWorld): Promise<void> {
  await reviewPull(world, 3, gone);
  await accept(world, 3, "/accept churn");
  await mergePull(world, 3, gone);
  await runDefault(world, 12);
  expect(await standing(world, "churn")).toBeUndefined();
}

describe("a rename", () => {
  it("taken back leaves the model where it was, and crashes do not lose it", async () => {
    const world = start.copy();
    await shipPull(world, 2, { [configPath]: was("leavers", "churn") });
    await runDefault(world, 11);
    expect(await standing(world, "leavers")).toBe("v1.1.0");
    const answer = await reviewPull(world, 3, { [configPath]: was("churn", "leavers") });
    expect(verdicts(answer)).toEqual(["churn: settings"]);
    expect(told(world, 3)).toContain("production (95 % interval)");
    await mergePull(world, 3, { [configPath]: was("churn", "leavers") });
    const { undisturbed, left } = await killEverywhere(
      world,
      async (there, watcher) => await promote(there, undefined, watcher),
      isWrite,
    );
    expect(left.length).toBeGreaterThan(2);
    for (const one of left) expect.soft(one.finished, one.point).toEqual(undisturbed);
    await runDefault(world, 12);
    expect([await standing(world, "leavers"), await standing(world, "churn")]).toEqual([undefined, "v1.1.0"]);
    await shipPull(world, 4, { "params.txt": "auc 0.9\n" });
    await runDefault(world, 13);
    expect(await standing(world, "churn")).toBe("v1.2.0");
  });

  it("takes a name that a retired model had, and goes on with its own versions", async () => {
    const world = await addOther();
    await retire(world);
    await shipPull(world, 4, { "params.txt": "auc 0.85\n" });
    await runDefault(world, 13);
    await shipPull(world, 5, { [configPath]: was("churn", "other") });
    await runDefault(world, 14);
    expect([await standing(world, "other"), await standing(world, "churn")]).toEqual([undefined, "v1.2.0"]);
  });

  it("of a model that is there already is an error, and the other one's end is asked about", async () => {
    const world = await addOther();
    const claims = { [configPath]: was("churn", "other") };
    const answer = await reviewPull(world, 3, claims);
    expect(verdicts(answer)).toEqual(["churn: error", "other: retired"]);
    await mergePull(world, 3, claims);
    expect(decisions(await runDefault(world, 12))).toEqual(["blocked"]);
    expect([await standing(world, "other"), await standing(world, "churn")]).toEqual(["v1.0.0", "v1.1.0"]);
  });

  it("lends no model the versions of another: they are no return, and not to be pinned", async () => {
    const world = await addOther();
    await retire(world);
    const claims = {
      [configPath]: `${localConfig("{}", "other").replace("  other:\n", "  other:\n    was: churn\n").replace("promote: {}", "promote: { pin: v1.1.0 }")}`,
    };
    const answer = await reviewPull(world, 4, claims);
    expect(verdicts(answer)).toEqual(["other: error"]);
  });
});

describe("a model that was retired", () => {
  it("and came back is not taken away again by the word from then", async () => {
    const world = await addOther();
    await retire(world);
    await reviewPull(world, 4, both);
    await accept(world, 4, "/accept churn");
    await mergePull(world, 4, both);
    await runDefault(world, 13);
    expect(await standing(world, "churn")).toBe("v1.1.0");
    world.commit("main", gone, "Take it out");
    const { retired } = await runDefault(world, 14);
    expect(retired).toMatchObject([{ name: "churn", decision: { kind: "wait" } }]);
    expect(await standing(world, "churn")).toBe("v1.1.0");
  });

  it("comes back with a pin only when somebody says so, and is shown with what the pin names", async () => {
    const world = await addOther();
    await retire(world);
    const pinned = { [configPath]: `${localConfig("{ pin: v1.0.0 }")}${other}` };
    const answer = await reviewPull(world, 4, pinned);
    expect(verdicts(answer)).toEqual(["churn: first", "other: not_affected"]);
    expect(told(world, 4)).toContain("comes back with v1.0.0, which has stood in production: pins v1.0.0");
    const over = world.copy();
    await mergePull(over, 4, pinned);
    expect(decisions(await runDefault(over, 13))).toContain("wait");
    expect(await standing(over, "churn")).toBeUndefined();
    await accept(world, 4, "/accept churn");
    await mergePull(world, 4, pinned);
    await runDefault(world, 13);
    expect(await standing(world, "churn")).toBe("v1.0.0");
  });

  it("comes back by a revert of its end only when somebody says so", async () => {
    const world = await addOther();
    await retire(world);
    const sha = world.head;
    world.commit("main", both, `Revert "Work 3"\n\nThis reverts commit ${sha}.`);
    expect(decisions(await runDefault(world, 13))).toContain("wait");
    expect(await standing(world, "churn")).toBeUndefined();
  });
});
