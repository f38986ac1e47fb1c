import { describe, expect, it } from "vitest";
import { openStory } from "#test/flow/story/open-story.ts";
import { here, params } from "#test/flow/story/repository-files.ts";

// another noise is as good, but answers otherwise: the interval holds 0, and is wider than what the gate allows
const unsure = { "churn/params.txt": params(0.5, { noise: "b" }) };

// where the app writes, `crash/bad-service` says words in the sandbox, and `same-end` holds all of them in memory
describe("words in comments, where the workflow writes", () => {
  it("accept what is not decided, roll back, and hold", async () => {
    await using story = await openStory({ writer: "actions", jobs: "apart", start: "production" });
    const pull = await story.propose(unsure, "otherwise");
    expect(await story.verdict(pull)).toBe("inconclusive");
    await story.comment(pull, "/accept", "cyd");
    expect(await story.check(pull)).toMatchObject({ conclusion: "action_required" });
    await story.comment(pull, "/accept -- we looked at it", "ben");
    expect(await story.check(pull)).toMatchObject({
      conclusion: "success",
      job: "success",
    });
    await story.merge(pull);
    expect(await story.production()).toBe("v1.1.0");
    expect(await story.standing()).toMatchObject({ by: "ben", why: `accepted in #${pull} by ben: we looked at it` });

    await story.comment(pull, "/rollback");
    const { data } = await story.sandbox.person("ada").octokit.rest.pulls.list({ ...here, state: "open" });
    const [back] = data;
    expect(back).toMatchObject({ title: "Roll churn back to v1.0.0" });
    expect(await story.verdict(back?.number ?? 0)).toBe("return");
    await story.merge(back?.number ?? 0);
    expect(await story.ending()).toEqual({ production: "v1.0.0", trainings: 2, waits: 0 });
    expect((await story.answers(pull)).filter((text) => text.includes("⏪"))).toHaveLength(1);
  });
});
