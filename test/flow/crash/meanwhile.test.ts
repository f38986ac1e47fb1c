import { expect, it } from "vitest";
import { parseVersion } from "#core/names.ts";
import { moveStage } from "#flow/promote/move-stage.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import { isWrite, Killer, watchCalls } from "../local/kill.ts";
import {
  churn,
  mergePull,
  openWorld,
  promote,
  reconcile,
  reviewPull,
  runDefault,
  standing,
} from "../local/local-story.ts";

it("a promotion that is overtaken by the next merge, wherever it is, leaves the newest head in production", async () => {
  const world = await openWorld();
  await reconcile(world, 1, 2);
  await reviewPull(world, 2, { "params.txt": "auc 0.9\n" });
  await mergePull(world, 1, { "params.txt": "auc 0.8\n" });
  const count = new Killer();
  await promote(world.copy(), undefined, count.watcher);
  const places = count.calls.flatMap((call, index) => (isWrite(call) ? [{ call, index }] : []));
  expect(places.length).toBeGreaterThanOrEqual(9);
  for (const { call, index } of places) {
    const there = world.copy();
    await promote(there, undefined, async (_, at, when) => {
      if (at !== index || when !== "before") return;
      await mergePull(there, 2, { "params.txt": "auc 0.9\n" });
      await promote(there);
    }).catch(() => undefined);
    await runDefault(there, 12);
    const newest = there.git.tagOf(there.git.ref(`refs/tags/churn@${await standing(there)}`) ?? "");
    expect.soft(newest?.target, `overtaken before ${call} (${index})`).toBe(there.head);
  }
});

it("two moves of different stages at the same moment both stand, whatever their numbers, and what follows has its own", async () => {
  const world = await openWorld({ promote: "{ stages: [staging, production] }" });
  await reconcile(world, 1, 2);
  await mergePull(world, 1, { "params.txt": "auc 0.8\n" });
  await promote(world);
  expect([await standing(world, "staging"), await standing(world)]).toEqual(["v1.1.0", "v1.0.0"]);
  const model = { ...(await runDefault(world, 12)).models[0]!.change.judge };
  const said = { model, head: world.head, pull: null, by: null, why: "at once" };
  const other = async (): Promise<unknown> =>
    await moveStage(world.ports(), { ...said, stage: "staging", version: parseVersion("v1.0.0") });
  const ports = watchCalls(world.ports(), async (call, _index, when) => {
    if (call === "tags.create" && when === "before") await other();
  });
  await moveStage(ports, { ...said, stage: "production", version: parseVersion("v1.1.0") });
  const registry = await readRegistry(world.ports().tags, { name: churn });
  const numbers = registry.tags.moves.slice(-2).map(({ stage, counter }) => `${stage} ${counter}`);
  expect(numbers).toEqual(["production 4", "staging 4"]);
  expect([await standing(world, "staging"), await standing(world)]).toEqual(["v1.0.0", "v1.1.0"]);
  expect(await registry.standing("staging")).toMatchObject({ problem: undefined });
  // what both came of is said, each by itself
  await promote(world);
  const moves = (await world.ports().evidence.list()).filter((path) => path.startsWith("moves/churn/4."));
  expect(moves).toContain("moves/churn/4.production.json");
  const next = await moveStage(world.ports(), { ...said, stage: "staging", version: parseVersion("v1.1.0") });
  expect(next.standing.counter).toBe(5);
});
