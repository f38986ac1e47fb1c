import { describe, expect, it } from "vitest";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { openStory, type Story } from "#test/flow/story/open-story.ts";
import { params } from "#test/flow/story/repository-files.ts";

const paramsFile = "churn/params.txt";

async function reviewedArtifact(story: Story, pull: number): Promise<string | null | undefined> {
  const reviews = await new EvidenceReader(story.ports.evidence).reviewsOfModel("churn");
  return reviews.find((review) => review.pull === pull)?.artifact;
}

describe("what was reviewed", () => {
  it("is what ships: one digest in the review, the stage, the release and the file itself", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const pull = await story.propose({ [paramsFile]: params(0.8) }, "better");
    const reviewed = await reviewedArtifact(story, pull);
    await story.merge(pull, "rebase");
    expect((await story.standing())?.artifact).toBe(reviewed);
    const { sha256, text } = await story.model("v1.1.0");
    expect(sha256).toBe(reviewed);
    expect(text.split("\n").slice(0, 2)).toEqual(["skill 0.8", "noise a"]);
    expect((await story.answers(pull)).at(-1)).toMatchInlineSnapshot(`
      "🚂 **churn v1.1.0** stands at \`production\`: the bytes that were reviewed here, \`sha256:·······…\`, nothing trained again.

      To undo: revert this pull request."
    `);
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 2, waits: 0 });
  });

  it("under an old recipe goes through the gates without a revert, and comes back as the version that it was", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    await story.merge(await story.propose({ [paramsFile]: params(0.5, { remark: "the same" }) }, "same"));
    expect(await story.production()).toBe("v1.1.0");
    const pull = await story.propose({ [paramsFile]: params(0.5) }, "as-it-was");
    expect(await story.firstLines(pull)).toMatchInlineSnapshot(
      `"### 🟢 churn: no measurable difference to production v1.1.0, and every gate holds. Merging ships it as v1.0.0 to \`production\`"`,
    );
    expect(await story.ending(pull)).toEqual({
      verdict: "pass",
      check: "success",
      production: "v1.1.0",
      trainings: 2,
      waits: 0,
    });
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "v1.0.0", trainings: 2, waits: 0 });
    expect(await story.versions()).toEqual(["v1.0.0", "v1.1.0"]);
  });

  it("by a merge that is taken back is said to be lost, and is back when that is taken back", async () => {
    await using story = await openStory({ writer: "app", start: "improved" });
    const better = await story.propose({ [paramsFile]: params(0.9) }, "better");
    await story.merge(better, "squash");
    const back = await story.revert(better);
    expect(await story.text(back)).toMatchInlineSnapshot(`
      "### 🟢 churn: goes back to v1.1.0, which has stood in production: reverts ·······. Merging brings it back to \`production\`, with no training

      | 400 customers, \`holdout.csv\` | production | this pull request |    difference (95 % interval) |
      | :--------------------------- | ---------: | ----------------: | ----------------------------: |
      | AUC ↑                        |      0.933 |             0.867 | **−0.066** (−0.087 to −0.045) |

      17 newly right, 40 newly wrong

      Trained on \`·······\` in 0.0 s on \`sandbox-1\`

      <sub>For head \`·······\` · \`/promote [model] [digest] [-- why]\` · \`/train [--again] [commit]\`</sub>"
    `);
    expect(await story.ending(back)).toEqual({
      verdict: "return",
      check: "success",
      production: "v1.2.0",
      trainings: 3,
      waits: 0,
    });
    await story.merge(back, "squash");
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 3, waits: 0 });
    const forth = await story.revert(back);
    await story.merge(forth);
    expect(await story.ending()).toEqual({ production: "v1.2.0", trainings: 3, waits: 0 });
    expect(await story.versions()).toEqual(["v1.0.0", "v1.1.0", "v1.2.0"]);
  });
});
