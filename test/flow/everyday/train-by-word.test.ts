import { describe, expect, it } from "vitest";
import { openStory } from "#test/flow/story/open-story.ts";
import { params } from "#test/flow/story/repository-files.ts";

const train = { run: "cd churn && sh train.sh", model: "churn/model.txt", when: "command" } as const;
const models = { churn: { train } };

// `same-end` says it to the app, in memory
describe("/train, where the workflow writes", () => {
  const writer = "actions";
  it("trains once what nothing else starts, and its verdict is the pull request's", async () => {
    await using story = await openStory({ writer, models, start: "production" });
    const pull = await story.propose({ "churn/params.txt": params(0.8) }, "better");
    const before = story.trainings();
    expect(await story.verdict(pull)).toBe("untrained");
    await story.comment(pull, "/train", "cyd");
    expect(story.trainings()).toBe(before);
    await story.comment(pull, "/train", "ben");
    expect(story.trainings()).toBe(before + 1);
    expect(await story.verdict(pull)).toBe("pass");
    expect((await story.check(pull)).conclusion).toBe("success");
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: before + 1, waits: 0 });
  });
});
