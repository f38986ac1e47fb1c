import { beforeAll, describe, expect, it } from "vitest";
import { configPath } from "#core/config/config.ts";
import { localConfig } from "#test/flow/local/local-loop.ts";
import {
  mergePull,
  openWorld,
  promote,
  reconcile,
  reviewPull,
  runDefault,
  say,
  shipPull,
  standing,
  told,
} from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const pin = (version: string): Record<string, string> => ({ [configPath]: localConfig(`{ pin: ${version} }`) });
const unpin = { [configPath]: localConfig("{}") };

/** v1.0.0 (auc 0.7) was replaced by v1.1.0 (auc 0.8). */
let start: LocalWorld;
beforeAll(async () => {
  start = await openWorld();
  await reconcile(start, 1, 2);
  await mergePull(start, 1, { "params.txt": "auc 0.8\n" });
  await runDefault(start, 10);
});

const headline = (world: LocalWorld, pull: number): string => told(world, pull).split("\n")[0] ?? "";
const versions = (world: LocalWorld): readonly string[] =>
  world.git.refs("refs/tags/churn@").map(([version]) => version);
const trainings = (world: LocalWorld): number =>
  Object.keys(world.storage.artifacts).filter((key) => key.includes("/trainyard-run-")).length;

describe("a pin", () => {
  it("brings an earlier version back, holds it while others merge, and lets it go when it is taken out", async () => {
    const world = start.copy();
    await reviewPull(world, 2, pin("v1.0.0"));
    expect(headline(world, 2)).toBe(
      "### 🟢 churn: goes back to v1.0.0, which has stood in production: pins v1.0.0. Merging brings it back to `production`, with no training",
    );
    await mergePull(world, 2, pin("v1.0.0"));
    await runDefault(world, 11);
    expect(await standing(world)).toBe("v1.0.0");
    const before = trainings(world);

    await reviewPull(world, 3, { "params.txt": "auc 0.9\n" });
    expect(headline(world, 3)).toBe(
      "### 🟢 churn: better than production v1.0.0. Merging registers it as v1.2.0 and moves nothing: v1.0.0 is pinned",
    );
    await mergePull(world, 3, { "params.txt": "auc 0.9\n" });
    await runDefault(world, 12);
    expect(await standing(world)).toBe("v1.0.0");
    expect(versions(world)).toEqual(["v1.0.0", "v1.1.0", "v1.2.0"]);
    expect(told(world, 3)).toContain("**churn v1.2.0** is registered, and moves nothing: v1.0.0 is pinned");
    expect(trainings(world)).toBe(before + 1);

    await reviewPull(world, 4, unpin);
    expect(headline(world, 4)).toBe(
      "### 🟢 churn: better than production v1.0.0. Merging ships it as v1.2.0 to `production`",
    );
    expect(told(world, 4)).toContain(
      "- Merging takes out the pin that holds v1.0.0: what is merged moves stages again",
    );
    await mergePull(world, 4, unpin);
    await runDefault(world, 13);
    expect(await standing(world)).toBe("v1.2.0");
    expect(versions(world)).toEqual(["v1.0.0", "v1.1.0", "v1.2.0"]);
    expect(trainings(world)).toBe(before + 1);
  });

  it("registers nothing that is refused, and the default branch trains nothing for what nobody reviewed", async () => {
    const world = start.copy();
    await shipPull(world, 2, pin("v1.1.0"));
    await runDefault(world, 11);
    const before = trainings(world);
    world.commit("main", { "train.sh": "cat params.txt # otherwise\n" }, "Straight to main");
    await runDefault(world, 12);
    expect(trainings(world)).toBe(before);
    await reviewPull(world, 3, { "params.txt": "auc 0.6\n" });
    expect(headline(world, 3)).toContain("### 🔴 churn: refused: ");
    expect(headline(world, 3)).toContain("Note: nothing would move in any case: v1.1.0 is pinned");
    await mergePull(world, 3, { "params.txt": "auc 0.6\n" });
    await runDefault(world, 13);
    expect(versions(world)).toEqual(["v1.0.0", "v1.1.0"]);
    expect(await standing(world)).toBe("v1.1.0");
  });

  it("of what is live is settings", async () => {
    const world = start.copy();
    const { models } = await reviewPull(world, 2, pin("v1.1.0"));
    expect(models[0]?.answer).toMatchObject({ verdict: { kind: "settings", green: true } });
    expect(headline(world, 2)).toContain("🟢 churn: it pins v1.1.0, which is in production. Merging moves nothing");
  });

  it("of no version is an error that names those there are, and moves nothing when it is merged", async () => {
    const world = start.copy();
    const { models } = await reviewPull(world, 2, pin("v7.0.0"));
    expect(models[0]?.answer).toMatchObject({ verdict: { kind: "error", green: false } });
    expect(headline(world, 2).replaceAll("\\", "")).toContain(
      'Cannot pin "churn" to v7.0.0: it has no such version, there are v1.0.0, v1.1.0',
    );
    await mergePull(world, 2, pin("v7.0.0"));
    await runDefault(world, 11);
    expect(await standing(world)).toBe("v1.1.0");
  });

  it("that is pushed straight to the default branch goes back at once", async () => {
    const world = start.copy();
    world.commit("main", pin("v1.0.0"), "Quick");
    await promote(world);
    expect(await standing(world)).toBe("v1.0.0");
  });
});

describe("/rollback and /hold", () => {
  it("open the pull request that pins, once, and nothing moves before it is merged", async () => {
    const world = start.copy();
    const { answer, effect } = await say(world, "/rollback -- it hurts @everyone");
    expect(effect.kind).toBe("opened");
    const pull = world.memory.pulls.at(-1);
    expect(answer).toBe(
      `⏪ #${pull?.number} pins \`churn\` to \`v1.0.0\`. Merging it brings that version back, with no training; data and code stay as they are.`,
    );
    expect(pull).toMatchObject({ title: "Roll churn back to v1.0.0", base: { ref: "main" } });
    expect(pull?.body).toContain("Reason: it hurts");
    expect(pull?.body).not.toContain("@everyone");
    expect(world.git.text(pull?.head.sha ?? "", configPath)).toContain("promote: { pin: v1.0.0 }");
    await say(world, "/rollback");
    expect(world.memory.pulls.filter(({ state }) => state === "open")).toHaveLength(1);
    await reconcile(world, pull?.number ?? 0, 0);
    expect(world.memory.dispatches.at(-1)).toMatchObject({ command: "compare", pull: String(pull?.number) });
    expect(await standing(world)).toBe("v1.1.0");
    expect((await say(world, "/hold churn")).answer).toContain("pins `churn` to `v1.1.0`, which is in production");
  });

  it.for([
    ["/rollback v1.1.0", 'v1.1.0 is what stands at "production": "/hold" pins it'],
    ["/rollback v3.0.0", 'there is no version v3.0.0 of "churn"; there are v1.0.0, v1.1.0'],
    ["/rollback fraud", 'there is no model "fraud" on "main"; there is: churn'],
    ["/hold fraud", 'there is no model "fraud" on "main"; there is: churn'],
  ] as const)("%s is refused with what there is", async ([body, because]) => {
    const { answer, effect } = await say(start.copy(), body);
    expect(effect.kind).toBe("none");
    expect(answer.toLowerCase()).toContain(because.toLowerCase());
  });

  it("are refused in the mouth of who may not write", async () => {
    const world = start.copy();
    expect((await say(world, "/rollback", { author: "cyd" })).answer).toContain("`cyd` may not");
    expect(world.memory.pulls).toHaveLength(1);
  });
});
