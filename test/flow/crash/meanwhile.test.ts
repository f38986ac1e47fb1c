import { expect, it } from "vitest";
import { isWrite, Killer } from "../local/kill.ts";
import { mergePull, openWorld, promote, reconcile, reviewPull, runDefault, standing } from "../local/local-story.ts";

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
