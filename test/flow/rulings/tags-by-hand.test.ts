import { beforeAll, describe, expect, it } from "vitest";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import { approval, churn, mergePull, openWorld, promote, reconcile } from "#test/flow/local/local-story.ts";
import { runLoop } from "#test/flow/local/local-loop.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const better = { "params.txt": "auc 0.8\n" };
let start: LocalWorld;

beforeAll(async () => {
  start = await openWorld();
});

type Case = readonly [what: string, make: (world: LocalWorld) => Promise<void>, says: string, mend?: string];

async function idOf(world: LocalWorld, tag: string): Promise<string> {
  return (await world.ports().tags.list(tag)).find(({ name }) => name === tag)?.object ?? "";
}

async function headOf(world: LocalWorld): Promise<string> {
  return (await world.ports().repository.defaultBranch()).head;
}

const cases: readonly Case[] = [
  [
    "a move without our facts",
    async (world) => world.tagByHand("churn#production#2", await headOf(world), "Roll it out"),
    'Cannot tell what stands at "production" of "churn": the tag "churn#production#2" was not made by Trainyard. Delete it (git push origin ":refs/tags/churn#production#2")',
    "churn#production#2",
  ],
  [
    "a lightweight move",
    async (world) => world.tagByHand("churn#production#7", await headOf(world)),
    'the tag "churn#production#7" was not made by Trainyard. Delete it',
    "churn#production#7",
  ],
  [
    "a move that unassigns",
    async (world) => world.tagByHand("churn#production!#2", await headOf(world), "Take it away"),
    'the tag "churn#production!#2" was not made by Trainyard. Delete it',
    "churn#production!#2",
  ],
  [
    "our own move under another number",
    async (world) => world.tagByHand("churn#production#2", await idOf(world, "churn#production#1")),
    'the tag "churn#production#2" was not made by Trainyard. Delete it',
    "churn#production#2",
  ],
  [
    "a number that is taken twice",
    async (world) => world.tagByHand("churn#staging#1", await headOf(world), "Stage it"),
    'the number 1 was taken twice, by "churn#production#1" and "churn#staging#1". Delete it (git push origin ":refs/tags/churn#staging#1")',
    "churn#staging#1",
  ],
  [
    "a move to a stage that the config does not name",
    async (world) => world.tagByHand("churn#shadow#2", await headOf(world), "Try it"),
    'Cannot move "churn" along [production]: it has been moved along [production, shadow] (tag "churn#shadow#2"), and stages only grow behind the last',
    "churn#shadow#2",
  ],
  [
    "a version without our facts, on another commit",
    async (world) => world.tagByHand("churn@v1.1.0", await headOf(world), "Version 1.1.0"),
    'Cannot tell which version of "churn" comes next: the tag "churn@v1.1.0" was not made by Trainyard. Delete it (git push origin ":refs/tags/churn@v1.1.0")',
    "churn@v1.1.0",
  ],
  [
    "a lightweight version",
    async (world) => world.tagByHand("churn@v2.0.0", await headOf(world)),
    'the tag "churn@v2.0.0" was not made by Trainyard. Delete it',
    "churn@v2.0.0",
  ],
  [
    "our version, moved to another commit",
    async (world) => {
      const tag = await world.ports().tags.read(await idOf(world, "churn@v1.0.0"));
      world.deleteTag("churn@v1.0.0");
      const other = world.commit("elsewhere", { "README.md": "Elsewhere\n" }, "Elsewhere");
      world.tagByHand("churn@v1.0.0", other, tag?.message);
    },
    'but "churn#production#1" on',
  ],
  [
    "our version, deleted",
    async (world) => world.deleteTag("churn@v1.0.0"),
    'the tag "churn@v1.0.0" that "churn#production#1" speaks of is gone, or was made by hand. Put it back on',
  ],
];

describe("a tag that somebody made by hand", () => {
  it.for(cases)("%s: the verdict is an error that says what to do, and production stays", async ([, make, says]) => {
    const world = start.copy();
    await make(world);
    const { models } = await reconcile(world, 1, 2);
    expect(models[0]?.answer).toMatchObject({ verdict: { kind: "error", green: false } });
    expect(world.memory.comments.at(-1)?.body.replaceAll("\\", "")).toContain("could not be judged");
    expect(world.memory.checks.at(-1)?.check).toMatchObject({ state: { conclusion: "failure" } });
    expect(said(models[0]?.answer)).toContain(says);

    await mergePull(world, 1, better);
    const { promoted } = await promote(world, { ...approval, why: "do it all the same" });
    expect(promoted).toEqual([]);
    await reconcileDefault(world.ports(), { finishedRun: undefined });
    const check = world.memory.checks.at(-1)?.check;
    expect(check).toMatchObject({ state: { conclusion: "failure" } });
    expect(check?.title).toContain("churn: not promoted, Cannot");
  });

  it.for(cases.filter(([, , , mend]) => mend !== undefined))(
    "%s: deleted, all goes on",
    async ([, make, , mend = ""]) => {
      const world = start.copy();
      await make(world);
      await reconcile(world, 1, 2);
      await mergePull(world, 1, better);
      world.deleteTag(mend);
      expect(await standing(world)).toBe("v1.0.0");
      // Nobody was told that it is good: the pull request was merged over a red check. So it is judged, and waits.
      await runLoop(world, { kind: "push" }, 9);
      await reconcileDefault(world.ports(), { finishedRun: 9 });
      expect((await promote(world)).promoted).toEqual([]);
      await promote(world, approval);
      expect(await standing(world)).toBe("v1.1.0");
    },
  );
});

async function standing(world: LocalWorld): Promise<string | undefined> {
  return (await (await readRegistry(world.ports().tags, { name: churn })).standing("production")).standing?.version;
}

function said(answer: unknown): string {
  return JSON.stringify(answer).replaceAll('\\"', '"');
}
