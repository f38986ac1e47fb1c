import { expect, it } from "vitest";
import { planLoop, type LoopTrigger } from "#flow/plan/plan-loop.ts";
import { watchCalls } from "#test/flow/local/kill.ts";
import { openPull, openWorld, runDefault, shipPull } from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

/** Tag objects that planning reads: each is a request, of which a workflow's token has a thousand an hour. */
async function countReads(world: LocalWorld, trigger: LoopTrigger): Promise<number> {
  let reads = 0;
  const ports = watchCalls(world.ports(), (call, _index, when) => {
    if (call === "tags.read" && when === "before") reads += 1;
  });
  const { plan } = await planLoop(ports, trigger, undefined);
  expect(plan?.tasks.some(({ train }) => train !== null)).toBe(true);
  return reads;
}

it("asks for no more tags where a model has many versions: what nobody has trained is none of them", async () => {
  const world = await openWorld();
  for (let index = 0; index < 12; index++) {
    await shipPull(world, 200 + index, { "params.txt": `auc 0.${70_100 + index * 10}\n` });
    await runDefault(world, 1_000 + index);
  }
  await openPull(world, 900, { "params.txt": "auc 0.9\n" });
  expect(await countReads(world, { kind: "pull", number: 900 })).toBeLessThanOrEqual(4);
  world.commit("main", { "params.txt": "auc 0.95\n" }, "Straight to main");
  expect(await countReads(world, { kind: "push" })).toBeLessThanOrEqual(4);
});
