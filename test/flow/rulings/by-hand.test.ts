import { beforeAll, describe, expect, it } from "vitest";
import { configPath } from "#core/config/config.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { localConfig, runLoop } from "#test/flow/local/local-loop.ts";
import {
  approval,
  mergePull,
  openPull,
  openWorld,
  promote,
  reconcile,
  reviewPull,
  runDefault,
  standing,
} from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const better = { "params.txt": "auc 0.8\n" };

/** v1.0.0 stands, #1 is green and said so. */
let start: LocalWorld;
beforeAll(async () => {
  start = await openWorld();
  await reconcile(start, 1, 2);
});

const reports = (world: LocalWorld): { id: number; body: string }[] =>
  world.memory.comments.filter(({ issue, body }) => issue === 1 && body.includes("trainyard:report"));
const trainings = (world: LocalWorld): number =>
  Object.keys(world.storage.artifacts).filter((key) => key.includes("/trainyard-run-")).length;
function dropEvidence(world: LocalWorld, drop: (path: string) => boolean): number {
  const tip = world.git.ref("refs/heads/trainyard") ?? "";
  const gone = [...world.git.tree(tip).keys()].filter(drop);
  const files = Object.fromEntries(gone.map((path) => [path, undefined]));
  const parents = [world.git.commitOf(tip)?.sha ?? world.head];
  world.git.setRef("refs/heads/trainyard", world.git.commit({ parents, files, message: "Tidy up" }));
  return gone.length;
}

describe("a comment of ours", () => {
  it.for([
    ["deleted", (world: LocalWorld): void => void (world.memory.comments = [])],
    ["edited", (world: LocalWorld): void => reports(world).forEach((one) => (one.body = one.body.replace("🟢", "🔴")))],
    [
      "doubled",
      (world: LocalWorld): void => {
        const [one] = world.memory.comments;
        if (one !== undefined) world.memory.comments.push({ ...one, id: 9_999 });
      },
    ],
  ] as const)("%s by hand is there again, once, as it was", async ([, change]) => {
    const world = start.copy();
    const [before] = reports(world);
    change(world);
    await reconcile(world, 1, 2);
    expect(reports(world).map(({ body }) => body)).toEqual([before?.body]);
  });
});

describe("an evidence branch of which somebody deleted", () => {
  it.for([
    ["the comparisons", (path: string) => path.startsWith("comparisons/")],
    ["the reviews", (path: string) => path.startsWith("reviews/")],
    ["the predictions and comparisons", (path: string) => /^(?:comparisons|predictions)\//.test(path)],
    ["everything", () => true],
  ] as const)("%s is filled again by the next look, and what was reviewed ships", async ([, drop]) => {
    const world = start.copy();
    expect(dropEvidence(world, drop)).toBeGreaterThan(0);
    await runLoop(world, { kind: "pull", number: 1 }, 300, 1);
    const { models } = await reconcile(world, 1, 300);
    expect(models[0]?.answer).toMatchObject({ verdict: { kind: "pass", green: true } });
    await mergePull(world, 1, better);
    await runDefault(world, 301);
    expect(await standing(world)).toBe("v1.1.0");
  });

  it("the review after the merge waits for a word: nothing ships that nobody can show a review of", async () => {
    const world = start.copy();
    await mergePull(world, 1, better);
    dropEvidence(world, (path) => path.startsWith("reviews/"));
    const before = trainings(world);
    await runDefault(world, 301);
    expect(await standing(world)).toBe("v1.0.0");
    expect(trainings(world)).toBe(before);
    expect(world.memory.issues.at(-1)).toMatchObject({ title: "churn waits for /promote", state: "open" });
  });
});

describe("a release", () => {
  it("whose model somebody replaced is not promoted over, and the error says which file", async () => {
    const world = start.copy();
    await mergePull(world, 1, better);
    await promote(world);
    const release = world.storage.releases.find(({ tag }) => tag === "churn@v1.0.0");
    if (release === undefined) throw new Error("There is no release");
    release.assets["model.model.txt"] = "other bytes";
    world.commit("main", { [configPath]: localConfig("{ pin: v1.0.0 }") }, "Back");
    const wrong = promote(world, { ...approval, why: "back" });
    await expect(wrong).rejects.toThrow(
      'Cannot promote "churn@v1.0.0": its release holds other bytes in "model.model.txt", reviewed was ',
    );
    expect(await standing(world)).toBe("v1.1.0");
    release.assets = {};
    const { models } = await runDefault(world, 302);
    expect(models[0]?.decision).toMatchObject({ kind: "blocked", verdict: { kind: "error" } });
    expect(JSON.stringify(models[0]?.decision)).toContain("holds its model no more");
    expect(await standing(world)).toBe("v1.1.0");
  });
});

describe("names", () => {
  it.for([
    ["spaces and quotes", `it's "quoted" | piped`],
    ["a right-to-left mark", "abc\u202edcba"],
    ["200 characters", "x".repeat(200)],
    ["a mention and a link", "@everyone [x](https://evil.example)"],
    ["a newline", "two\nlines"],
  ] as const)("of a branch with %s stay text, and the pull request is judged as ever", async ([, name]) => {
    const world = start.copy();
    await openPull(world, 7, better);
    const pull = world.memory.pulls.at(-1);
    if (pull !== undefined) Object.assign(pull, { title: name, head: { ...pull.head, ref: name } });
    await runLoop(world, { kind: "pull", number: 7 }, 307, 7);
    const { models } = await reconcile(world, 7, 307);
    expect(models[0]?.answer).toMatchObject({ verdict: { kind: "pass" } });
    const said = world.memory.comments.findLast(({ issue }) => issue === 7)?.body ?? "";
    expect(said).not.toContain(name);
  });

  it("of an odd data file stay text, where the report names it", async () => {
    const world = start.copy();
    const odd = 'weeks/it\'s "one" | @everyone \u202etxt.csv';
    await reviewPull(world, 8, { [odd]: "churned\n1\n" });
    await reconcileDefault(world.ports(), { finishedRun: undefined });
    expect(world.memory.comments.map(({ body }) => body).join("\n")).not.toContain("@everyone");
  });
});
