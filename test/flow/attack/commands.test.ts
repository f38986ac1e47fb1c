import { beforeAll, describe, expect, it } from "vitest";
import type { WrittenComment } from "#flow/comment/outcome.ts";
import { planLoop, type LoopTrigger } from "#flow/plan/plan-loop.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { readTrigger } from "#actions/trigger.ts";
import { runLoop } from "#test/flow/local/local-loop.ts";
import { openWorld, say } from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

describe("an event", () => {
  const person = { login: "ada", type: "User" };
  const robot = { login: "github-actions[bot]", type: "Bot" };
  const bot = { login: "trainyard[bot]", type: "Bot" };
  const repository = { default_branch: "main" };
  const started = (inputs: Record<string, string>, more: object = {}): object => ({
    ref: "refs/heads/main",
    repository,
    sender: person,
    inputs,
    ...more,
  });

  it.for([
    [
      "a start by hand on another branch",
      "workflow_dispatch",
      started({ command: "watch" }, { ref: "refs/heads/work" }),
      /^"refs\/heads\/work" is not the default branch/,
    ],
    [
      "a start by hand on a tag of the branch's name",
      "workflow_dispatch",
      started({ command: "watch" }, { ref: "refs/tags/main" }),
      /is not the default branch/,
    ],
    ["a push to another branch", "push", { ref: "refs/heads/work", repository }, /is not the default branch/],
    ["a merge group of nothing", "merge_group", {}, /Cannot read the event "merge_group"/],
    ["a pull request target", "pull_request_target", {}, /judges nothing on "pull_request_target" yet/],
    ["no object", "push", null, /Cannot read/],
    ["a prototype", "__proto__", { __proto__: null }, /judges nothing/],
  ] as const)("that is %s makes no green job", ([, event, payload, wanted]) => {
    expect(() => readTrigger(event, payload)).toThrow(wanted);
  });

  it.for([
    ["a person speaks for nobody else", person, "boss", "ada"],
    ["the app says whose word it was", bot, "ben", "ben"],
    ["a workflow of a pushed branch speaks for nobody", robot, "boss", "github-actions[bot]"],
    ["nobody's word", person, "", ""],
    ["nobody's word, by the loop's own workflow", robot, "", ""],
  ] as const)("to promote: %s", ([, sender, by, wanted]) => {
    const inputs = { command: "promote", model: "churn", digest: "abcdef1", by };
    expect(readTrigger("workflow_dispatch", started(inputs, { sender }))).toMatchObject({
      kind: "promote",
      by: wanted,
    });
  });
});

describe("/promote", () => {
  let world: LocalWorld;
  let subject = "";
  let id = 1;
  beforeAll(async () => {
    world = await openWorld();
    world.commit("main", { "params.txt": "auc 0.9\n" }, "Straight to main");
    await runLoop(world, { kind: "push" }, 3);
    const { models } = await reconcileDefault(world.ports(), { finishedRun: 3 });
    const decision = models[0]?.decision;
    if (decision?.kind !== "wait") throw new Error(`It does not wait: ${decision?.kind}`);
    subject = decision.subject;
  });

  const said = async (body: string, more: Partial<WrittenComment> = {}): Promise<string> =>
    (await say(world, body, { id: id++, ...more })).effect.kind;

  it("is obeyed once, and its answer stays", async () => {
    expect(await said(`/promote churn ${subject.slice(0, 12)}`, { id: 99 })).toBe("promote");
    const before = structuredClone(world.memory.comments);
    expect(await said(`/promote churn ${subject.slice(0, 12)}`, { id: 99 })).toBe("none");
    expect(world.memory.comments).toEqual(before);
  });

  it.for([
    ["a reader", "/promote", { author: "cyd" }],
    ["nobody", "/promote", { author: "" }],
    ["a bot", "/promote", { bot: true }],
    ["a quotation", "> /promote", {}],
    ["code", "    /promote", {}],
    ["a later line", "hello\n/promote", {}],
    ["a word about other bytes", `/promote churn ${"0".repeat(12)}`, {}],
    ["a word about another model", "/promote Churn", {}],
    ["odd letters", "/promote churn\u202e", {}],
    ["a shell's words", "/promote churn $(id)", {}],
  ] as const)("is not obeyed in the mouth of %s", async ([, body, more]) => {
    expect(await said(body, more)).toBe("none");
  });

  const plan = async (more: Partial<Extract<LoopTrigger, { kind: "promote" }>>): Promise<number> =>
    (
      await planLoop(
        world.ports(),
        { kind: "promote", model: "churn", subject, stage: "", by: "ada", why: "", ...more },
        undefined,
      )
    ).promote.length;

  it("started by hand is held to the same", async () => {
    expect(await plan({})).toBe(1);
    await expect(plan({ by: "cyd" })).rejects.toThrow('"cyd" may not write to this repository');
    await expect(plan({ subject: "" })).rejects.toThrow('"" is no digest');
    await expect(plan({ subject: "a" })).rejects.toThrow('"a" is no digest');
    await expect(plan({ model: "churn\n" })).rejects.toThrow("as a model's name");
    expect(await plan({ subject: "0".repeat(64) })).toBe(0);
    expect(await plan({ stage: "elsewhere" })).toBe(0);
    expect(await plan({ model: "other" })).toBe(0);
  });
});
