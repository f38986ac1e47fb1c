import { beforeAll, describe, expect, it } from "vitest";
import {
  comment,
  mergePull,
  openWorld,
  reconcile,
  reviewPull,
  runDefault,
  say,
  standing,
  told,
} from "#test/flow/local/local-story.ts";
import { answerComment } from "#flow/comment/answer-comment.ts";
import { startEffect } from "#flow/comment/start-effect.ts";
import { runLoop } from "#test/flow/local/local-loop.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const unsure = { "params.txt": "auc 0.7 spread 0.05\n" };

/** v1.0.0 stands, and pull request 2 is not decided. */
let start: LocalWorld;
beforeAll(async () => {
  start = await openWorld();
  await reviewPull(start, 2, unsure);
});

const headline = (world: LocalWorld, pull: number): string => report(world, pull).split("\n")[0] ?? "";
function report(world: LocalWorld, pull: number): string {
  return (
    world.memory.comments.find(({ issue, body }) => issue === pull && body.includes("trainyard:report"))?.body ?? ""
  );
}
const check = (world: LocalWorld): unknown =>
  world.memory.checks.findLast(({ head }) => head === headOf(world, 2))?.check.state;
const headOf = (world: LocalWorld, number: number): string | undefined =>
  world.memory.pulls.find((pull) => pull.number === number)?.head.sha;

/** Says a word on pull request 2, and has it done as the app does. */
async function speak(world: LocalWorld, body: string, author = "ada"): Promise<string> {
  const ports = world.ports();
  await answerComment(
    ports,
    comment(world, body, { issue: 2, author }),
    async (effect) => await startEffect(ports, effect, "app"),
  );
  return told(world, 2);
}

describe("/accept", () => {
  it("makes green exactly what was shown, and the merge ships it in the name of who said it", async () => {
    const world = start.copy();
    expect(headline(world, 2)).toMatch(
      /^### 🟡 churn: not decided: .* take it as it is: `\/accept churn [0-9a-f]{12}`/,
    );
    expect(check(world)).toEqual({ kind: "completed", conclusion: "action_required" });
    expect(await speak(world, "/accept -- few rows, and we need it")).toContain(
      "✅ `churn` is accepted as it is: `inconclusive`",
    );
    expect(check(world)).toEqual({ kind: "completed", conclusion: "success" });
    expect(headline(world, 2)).toMatch(
      /^### 🟢 churn: accepted by `ada` \(few rows, and we need it\), not decided\. Merging ships it as v1\.1\.0 to `production`$/,
    );
    await mergePull(world, 2, unsure);
    await runDefault(world, 20);
    expect(await standing(world)).toBe("v1.1.0");
    const tag = world.git.tagOf(world.git.ref("refs/tags/churn#production#2") ?? "");
    expect(tag?.message).toContain('"by":"ada","why":"accepted in #2 by ada: few rows, and we need it"');
  });

  it("is about that evidence: a push is judged anew, and what was accepted stays accepted where it shows again", async () => {
    const world = start.copy();
    await speak(world, "/accept");
    await push(world, { "params.txt": "auc 0.701 spread 0.05\n" }, 130);
    expect(headline(world, 2)).toContain("🟡 churn: not decided");
    expect(check(world)).toEqual({ kind: "completed", conclusion: "action_required" });
    await push(world, unsure, 131);
    expect(headline(world, 2)).toContain("accepted by `ada`");
  });

  it("holds no longer after the same recipe was trained again and came out otherwise", async () => {
    const world = start.copy();
    await speak(world, "/accept");
    await speak(world, "/train --again");
    expect(world.memory.dispatches.at(-1)).toMatchObject({ command: "train", again: "true" });
    world.memory.luck = " second try";
    await runLoop(world, { kind: "train", pull: 2, head: headOf(world, 2) ?? "", again: true }, 140, 2);
    await reconcile(world, 2, 140);
    expect(headline(world, 2)).toContain("🟡 churn: not decided");
    expect(report(world, 2)).toContain("This recipe was trained 2 times; the newest run counts");
  });

  it.for([
    ["by who may not write", "/accept", "cyd", "`cyd` may not"],
    ["of another digest", `/accept churn ${"0".repeat(12)}`, "ada", "look at it again"],
    ["of another model", "/accept fraud", "ada", 'this pull request changes no model "fraud"'],
  ] as const)("%s does nothing", async ([, body, author, because]) => {
    const world = start.copy();
    expect((await speak(world, body, author)).toLowerCase()).toContain(because.toLowerCase());
    expect(check(world)).toEqual({ kind: "completed", conclusion: "action_required" });
  });

  it.for([
    ["fail", { "params.txt": "auc 0.5\n" }],
    ["pass", { "params.txt": "auc 0.8\n" }],
  ] as const)("does nothing to a %s", async ([kind, files]) => {
    const world = start.copy();
    await push(world, files, 130);
    const before = check(world);
    expect((await speak(world, "/accept")).toLowerCase()).toContain(
      `only a verdict that is not decided can be accepted; here is churn: ${kind}`,
    );
    expect(check(world)).toEqual(before);
  });

  it("about a report that nobody could have seen yet is refused, also where it names a few digits of its evidence", async () => {
    const world = start.copy();
    world.memory.minutes += 5;
    await push(world, { "params.txt": "auc 0.701 spread 0.05\n" }, 130);
    const digest = /\/accept churn ([0-9a-f]{12})/.exec(headline(world, 2))?.[1] ?? "";
    const ports = world.ports();
    for (const word of ["/accept", `/accept churn ${digest}`]) {
      const early = comment(world, word, { issue: 2, at: new Date(world.now().getTime() - 60_000) });
      await answerComment(ports, early, async (effect) => await startEffect(ports, effect, "app"));
      expect(told(world, 2)).toContain("The report has changed since");
    }
    expect(await speak(world, `/accept churn ${digest}`)).toContain("✅");
  });
});

describe("an answer", () => {
  it("is there before the work begins; who comes after a crash begins it again, and nobody a third time", async () => {
    const world = start.copy();
    const ports = world.ports();
    const word = comment(world, "/train", { issue: 2 });
    const crash = async (): Promise<void> => await Promise.reject(new Error("Killed"));
    await expect(answerComment(ports, word, crash)).rejects.toThrow("Killed");
    const done: string[] = [];
    const act = async ({ kind }: { kind: string }): Promise<void> => await Promise.resolve(void done.push(kind));
    expect(await answerComment(ports, word, act)).toBe(true);
    expect(await answerComment(ports, word, act)).toBe(false);
    expect(done).toEqual(["train"]);
    expect(world.memory.comments.filter(({ body }) => body.includes("trainyard:answer"))).toHaveLength(1);
  });

  it("lists what there is, to anybody, for /help and for what is misspelt", async () => {
    const world = start.copy();
    for (const body of ["/help", "/acept"]) {
      const { answer } = await say(world, body, { author: "cyd" });
      for (const name of ["accept", "promote", "train", "rollback", "hold", "help"])
        expect(answer).toContain(`\`/${name}`);
    }
  });
});

async function push(world: LocalWorld, files: Readonly<Record<string, string>>, run: number): Promise<void> {
  const pull = world.memory.pulls.find(({ number }) => number === 2);
  if (pull === undefined) throw new Error("There is no #2");
  pull.head.sha = world.commit(pull.head.ref, files, "More");
  await runLoop(world, { kind: "pull", number: 2 }, run, 2);
  await reconcile(world, 2, run);
}
