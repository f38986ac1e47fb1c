import { expect, it } from "vitest";
import { killEverywhere } from "../local/kill-everywhere.ts";
import { openWorld, reconcile } from "../local/local-story.ts";

it("a report on a pull request that is ended anywhere ends in the same state", async () => {
  const world = await openWorld();
  const { undisturbed, points, left } = await killEverywhere(
    world,
    async (there, watcher) => await reconcile(there, 1, 2, watcher),
  );
  expect(points.length).toBeGreaterThanOrEqual(100);
  expect(left.length).toBeGreaterThanOrEqual(4);
  for (const { point, finished } of left) expect.soft(finished, point).toEqual(undisturbed);
  expect(undisturbed.conversation).toMatchObject({ comments: [{ issue: 1 }] });
});
