import { beforeAll, describe, expect, it } from "vitest";
import { localConfig } from "#test/flow/local/local-loop.ts";
import {
  approval,
  mergePull,
  openPull,
  openWorld,
  promote,
  reconcile,
  runDefault,
  say,
  shipPull,
  standing,
} from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const better = { "params.txt": "auc 0.8\n" };
const config = ".github/trainyard.yml";
let start: LocalWorld;

/** v1.0.0 stands at both stages. */
beforeAll(async () => {
  const world = await openWorld({ promote: "{ stages: [staging, production] }" });
  await reconcile(world, 1, 2);
  start = world;
});

async function both(world: LocalWorld): Promise<readonly (string | undefined)[]> {
  return [await standing(world, "staging"), await standing(world)];
}

function told(world: LocalWorld, issue: number): string {
  return world.memory.comments.findLast((comment) => comment.issue === issue)?.body ?? "";
}

async function begin(): Promise<LocalWorld> {
  return start.copy();
}

describe("stages", () => {
  it("are entered by a merge and gone on along by a word, with the same version and the same bytes", async () => {
    const world = await begin();
    expect(told(world, 1)).toContain("Merging ships it as v1.1.0 to `staging`");
    await mergePull(world, 1, better);
    const { models } = await runDefault(world, 10);
    expect(await both(world)).toEqual(["v1.1.0", "v1.0.0"]);
    expect(models[0]?.decision).toMatchObject({
      kind: "wait",
      stage: "production",
      because: 'v1.1.0 stands at "staging", and goes on to "production" when somebody says so',
    });
    expect(told(world, 1)).toContain("**churn v1.1.0** stands at `staging`: the bytes that were reviewed here");

    const { effect } = await say(world, "/promote churn -- fine so far");
    expect(effect).toMatchObject({ kind: "promote", approval: { stage: "production", by: "ada", why: "fine so far" } });
    expect(told(world, 1)).toContain("🚂 Promoting `churn` to `production`");

    await promote(world, effect.kind === "promote" ? effect.approval : undefined);
    await runDefault(world, 11);
    expect(await both(world)).toEqual(["v1.1.0", "v1.1.0"]);
    expect(world.memory.comments.find(({ body }) => body.includes("stands at"))?.body).toContain(
      "**churn v1.1.0** stands at `staging` and `production`",
    );
    expect((await world.ports().tags.list("churn@")).map(({ name }) => name)).toEqual(["churn@v1.0.0", "churn@v1.1.0"]);
  });

  it("take a word for the stage it was said about, and for no other", async () => {
    const world = await openWorld({ promote: "{ stages: [dev, staging, production] }" });
    await reconcile(world, 1, 2);
    await mergePull(world, 1, better);
    await runDefault(world, 10);
    const word = { ...approval, stage: "staging" };
    await promote(world, word);
    await promote(world, word);
    expect([await standing(world, "dev"), ...(await both(world))]).toEqual(["v1.1.0", "v1.1.0", "v1.0.0"]);
  });

  it("are left by a revert: every one that the version before held has it back at once", async () => {
    const world = await begin();
    await mergePull(world, 1, better);
    await runDefault(world, 10);
    const { head } = await world.ports().repository.defaultBranch();
    world.commit("main", { "params.txt": "auc 0.7\n" }, `Revert it\n\nThis reverts commit ${head}.`);
    await runDefault(world, 11);
    expect(await both(world)).toEqual(["v1.0.0", "v1.0.0"]);
    expect(world.memory.deployments.filter(({ state }) => state === "success").map(({ version }) => version)).toEqual([
      "churn@v1.0.0",
      "churn@v1.0.0",
    ]);
  });
});

describe("a new stage", () => {
  it("behind the last starts where that one stands, and production is what it is", async () => {
    const world = await begin();
    const grown = { [config]: localConfig("{ stages: [staging, production, europe] }") };
    await shipPull(world, 2, grown);
    expect(told(world, 2)).toContain("Merging moves nothing");
    const { models } = await runDefault(world, 10);
    expect([...(await both(world)), await standing(world, "europe")]).toEqual(["v1.0.0", "v1.0.0", "v1.0.0"]);
    expect(models[0]?.decision).toEqual({ kind: "current", name: "churn" });
    await mergePull(world, 1, better);
    await runDefault(world, 11);
    expect([...(await both(world)), await standing(world, "europe")]).toEqual(["v1.1.0", "v1.0.0", "v1.0.0"]);
  });

  it.for([
    ["in front", "{ stages: [dev, staging, production] }"],
    ["instead of one", "{ stages: [staging, live] }"],
    ["left out", "{ stages: [staging] }"],
  ])("%s is an error: stages only grow behind the last", async ([, promotion]) => {
    const world = await begin();
    const changed = { [config]: localConfig(promotion ?? "") };
    await openPull(world, 2, changed);
    const { models } = await reconcile(world, 2, 0);
    expect(models[0]?.answer).toMatchObject({ verdict: { kind: "error", green: false } });
    expect(told(world, 2)).toContain("stages only grow behind the last");
    await mergePull(world, 2, changed);
    const before = await both(world);
    const { models: after } = await runDefault(world, 10);
    expect(after[0]?.decision).toMatchObject({ kind: "blocked", verdict: { kind: "error" } });
    expect(await both(world)).toEqual(before);
  });
});
