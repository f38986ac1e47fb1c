import { beforeAll, describe, expect, it } from "vitest";
import { subjectOfCandidate } from "#core/plan/model-facts.ts";
import type { ObservedDefault } from "#flow/observe/observe-default.ts";
import type { LoopTrigger } from "#flow/plan/plan-loop.ts";
import {
  mergePull,
  openWorld,
  reconcile,
  reviewPull,
  runDefault,
  say,
  shipPull,
  standing,
  told,
} from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const better = { "params.txt": "auc 0.8\n" };
const other = { "train.sh": "cat params.txt # otherwise\n" };
/** A promotion that nobody said anything about. */
const byItself = {
  kind: "promote",
  model: "",
  subject: "",
  stage: "",
  by: "",
  why: "",
} as const satisfies LoopTrigger;

const starts = new Map<string, LocalWorld>();

beforeAll(async () => {
  for (const combinations of ["wait", "gate"]) {
    const world = await openWorld({ promote: `{ combinations: ${combinations} }` });
    await reconcile(world, 1, 2);
    starts.set(combinations, world);
  }
});

/** Pull request 1 is green. */
function begin(combinations: "wait" | "gate" = "wait"): LocalWorld {
  const world = starts.get(combinations)?.copy();
  if (world === undefined) throw new Error("There is no such beginning");
  return world;
}

/** What a dispatch says after somebody has let go on what these say. */
function wordFor([model]: ObservedDefault["models"]): LoopTrigger {
  const subject = model === undefined ? "" : (subjectOfCandidate(model.facts) ?? "");
  return { ...byItself, model: "churn", subject, stage: "production", by: "ada" };
}

function openIssues(world: LocalWorld): readonly number[] {
  return world.memory.issues.filter(({ state }) => state === "open").map(({ number }) => number);
}

describe("two reviewed pull requests that meet", () => {
  it("are judged together, and wait; whoever merged the second is told", async () => {
    const world = begin();
    await reviewPull(world, 2, other);
    await mergePull(world, 1, better);
    await runDefault(world, 10);
    expect(await standing(world)).toBe("v1.1.0");
    await mergePull(world, 2, other);
    const { models } = await runDefault(world, 11);
    expect(models[0]?.decision).toMatchObject({ kind: "wait", verdict: { kind: "pass" }, stage: "production" });
    expect(await standing(world)).toBe("v1.1.0");
    const [issue] = openIssues(world);
    expect(told(world, 2)).toBe(
      `🟡 **churn** waits for \`/promote\`: nobody reviewed exactly this. Production stays v1.1.0. #${issue} says what it is and how to let it go on.`,
    );
    expect(world.memory.dispatches).toEqual([]);
    await runDefault(world, 12, wordFor(models));
    expect(await standing(world)).toBe("v1.2.0");
    expect(openIssues(world)).toEqual([]);
    expect(told(world, 2)).toContain("**churn v1.2.0** stands at `production`");
    expect(told(world, 2)).toContain("by the word of ada");
  });

  it("ship where the config lets a pass through: judged first, then promoted by a run of its own", async () => {
    const world = begin("gate");
    await reviewPull(world, 2, other);
    await mergePull(world, 1, better);
    await runDefault(world, 10);
    await mergePull(world, 2, other);
    world.commit("main", { "README.md": "Between them\n" }, "Say more");
    await runDefault(world, 11);
    expect(world.memory.dispatches).toEqual([{ command: "promote" }]);
    expect(await standing(world)).toBe("v1.1.0");
    await runDefault(world, 12, byItself);
    expect(await standing(world)).toBe("v1.2.0");
  });

  it("do not ship by themselves where they fail together", async () => {
    const world = begin("gate");
    await reviewPull(world, 2, other);
    await mergePull(world, 1, better);
    await runDefault(world, 10);
    await mergePull(world, 2, { ...other, "params.txt": "auc 0.65\n" });
    const { models } = await runDefault(world, 11);
    expect(models[0]?.decision).toMatchObject({ kind: "blocked", verdict: { kind: "fail" } });
    expect(world.memory.dispatches).toEqual([]);
  });
});

describe("a direct push", () => {
  it("waits, and so does what a reviewed pull request makes of it, whatever the config lets through", async () => {
    const world = begin("gate");
    world.commit("main", other, "No time for a review");
    await runDefault(world, 10);
    await mergePull(world, 1, better);
    const { models } = await runDefault(world, 11);
    expect(models[0]?.decision).toMatchObject({ kind: "wait", verdict: { kind: "pass" } });
    expect(world.memory.dispatches).toEqual([]);
    expect(await standing(world)).toBe("v1.0.0");
  });

  it("of an old recipe does not go back by a review that was used: it is compared, and waits or is refused", async () => {
    const world = begin();
    await mergePull(world, 1, better);
    await runDefault(world, 10);
    await shipPull(world, 2, { "params.txt": "auc 0.9\n" });
    await runDefault(world, 11);
    expect(await standing(world)).toBe("v1.2.0");
    world.commit("main", better, "As it was");
    const { models } = await runDefault(world, 12);
    expect(models[0]?.decision).toMatchObject({ kind: "blocked", verdict: { kind: "fail" } });
    expect(await standing(world)).toBe("v1.2.0");
  });
});

describe("a merge over a red check", () => {
  it("ships nothing and says so; no word lets it through", async () => {
    const world = begin();
    const worse = { "params.txt": "auc 0.5\n" };
    await shipPull(world, 2, worse);
    const { models } = await runDefault(world, 10);
    expect(models[0]?.decision).toMatchObject({ kind: "blocked", verdict: { kind: "fail" } });
    expect(told(world, 2)).toMatch(/^🔴 \*\*churn\*\* was not shipped: fail, AUC .*\. Production stays v1\.0\.0\.$/);
    expect(world.memory.checks.at(-1)?.check.title).toMatch(/^churn: not promoted, AUC .*; production stays v1\.0\.0$/);
    expect((await say(world, "/promote")).answer).toContain('🚫 Not done. "churn" is not promoted by a word: fail');
    await runDefault(world, 11, wordFor(models));
    expect(await standing(world)).toBe("v1.0.0");
  });
});

describe("while something waits", () => {
  it("the report of every pull request that changes the model says first what merging would ship besides", async () => {
    const world = begin();
    world.commit("main", other, "No time for a review");
    const { models } = await runDefault(world, 10);
    await reviewPull(world, 3, { "train.csv": "churned\n1\n0\n" });
    const [headline, , note] = told(world, 3).split("\n");
    expect(headline).toContain("Note: merging ships something else besides, see below");
    expect(note).toBe(
      '- ⚠️ Merging ships something else besides: what waits for /promote on "main" (pass: all 2 gates hold)',
    );
    const writes = world.memory.comments.length;
    await reconcile(world, 3, 103);
    expect(world.memory.comments).toHaveLength(writes);
    await runDefault(world, 11, wordFor(models));
    await reconcile(world, 3, 103);
    expect(world.memory.dispatches).toEqual([expect.objectContaining({ command: "compare", pull: "3" })]);
  });
});
