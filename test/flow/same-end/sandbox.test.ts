import { expect, it } from "vitest";
import { openStory } from "#test/flow/story/open-story.ts";
import { params } from "#test/flow/story/repository-files.ts";

const file = "churn/params.txt";
const hourMs = 3_600_000;

it("a fork through loop.yml: its run reads and says its verdict, the next on the default branch tells", async () => {
  await using story = await openStory({ writer: "actions", jobs: "apart", start: "production" });
  const pull = await story.proposeFrom("cyd", { [file]: params(0.8) }, "better");
  expect(await story.approveRuns()).toBe(1);
  expect(await story.check(pull)).toEqual({ title: "", conclusion: null, job: "success" });
  expect(await story.answers(pull)).toEqual([]);
  await story.sandbox.pass(hourMs);
  await story.settle();
  expect(await story.firstLines(pull)).toBe(
    "### 🟢 churn: better than production v1.0.0. Merging trains it again, and nothing ships until somebody says `/promote`: it comes from a fork",
  );
  expect(await story.ending(pull)).toEqual({
    verdict: "pass",
    check: "success",
    production: "v1.0.0",
    trainings: 2,
    waits: 0,
  });
});

it("a group of a merge queue: what was reviewed is let through with no training, and ships", async () => {
  await using story = await openStory({ writer: "app", start: "production" });
  await story.useQueue(["trainyard"]);
  const pull = await story.propose({ [file]: params(0.8) }, "better");
  await story.enqueue(pull);
  expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 2, waits: 0 });
  expect(story.jobs()).toContain("merge_group: loop");
});
