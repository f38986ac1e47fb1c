import { describe, expect, it } from "vitest";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { openStory } from "#test/flow/story/open-story.ts";
import { params, type Files } from "#test/flow/story/repository-files.ts";

const paramsFile = "churn/params.txt";

describe("a better candidate", () => {
  it.for(["merge", "squash", "rebase"] as const)(
    "merged by %s ships the reviewed bytes with no training",
    async (method) => {
      await using story = await openStory({ writer: "app", start: "production" });
      const pull = await story.propose({ [paramsFile]: params(0.8) }, "better");
      expect(await story.ending(pull)).toEqual({
        verdict: "pass",
        check: "success",
        production: "v1.0.0",
        trainings: 2,
        waits: 0,
      });
      const reviews = await new EvidenceReader(story.ports.evidence).reviewsOfModel("churn");
      const artifact = reviews.find((review) => review.pull === pull)?.artifact;
      expect(await story.firstLines(pull)).toBe(
        "### 🟢 churn: better than production v1.0.0. Merging ships it as v1.1.0 to `production`",
      );
      await story.merge(pull, method);
      expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 2, waits: 0 });
      // one digest in the review, the stage, the release and the file itself
      const { sha256, text } = await story.model("v1.1.0");
      expect([sha256, (await story.standing())?.artifact]).toEqual([artifact, artifact]);
      expect(text.split("\n").slice(0, 2)).toEqual(["skill 0.8", "noise a"]);
      expect((await story.answers(pull)).at(-1)).toBe(
        "🚂 **churn v1.1.0** stands at `production`: the bytes that were reviewed here, `sha256:·······…`, nothing trained again.\n\nTo undo: revert this pull request.",
      );
    },
  );

  it("is trained once, whatever happens to its commits: amended, rebased, in a second pull request", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const pull = await story.propose({ [paramsFile]: params(0.8) }, "better");
    await story.push({ "README.md": "# Elsewhere\n" });
    await story.rebase("better");
    expect(await story.ending(pull)).toMatchObject({ verdict: "pass", check: "success", trainings: 2 });
    const twin = await story.propose({ [paramsFile]: params(0.8) }, "twin");
    expect(await story.ending(twin)).toMatchObject({ verdict: "pass", check: "success", trainings: 2 });
    await story.change({ [paramsFile]: params(0.9) }, "better", { onto: "better" });
    expect(await story.ending(pull)).toMatchObject({ verdict: "pass", trainings: 3 });
  });
});

describe("a change of the predict command alone", () => {
  it("trains the same bytes, and nobody answers for the other: neither two candidates nor production", async () => {
    await using story = await openStory({ writer: "app", start: "improved" });
    const predict = story.files["churn/predict.sh"] ?? "";
    // deterministic training, and its inputs' paths are the same: the bytes are those of production
    const said = async (files: Files, branch: string): Promise<string> => {
      const pull = await story.propose(files, branch);
      const [sentence = ""] = (await story.firstLines(pull)).split(". Merging");
      return `${await story.verdict(pull)}: ${sentence.replace("### ", "")}`;
    };
    const upside = predict.replace('said["skill"] *', '-said["skill"] *');
    expect(await said({ "churn/predict.sh": upside }, "upside-down")).toMatch(/^fail: 🔴 churn: refused: /);
    expect(await said({ "churn/predict.sh": `# a remark\n${predict}` }, "remark")).toBe(
      "pass: 🟢 churn: no measurable difference to production v1.1.0, and every gate holds",
    );
    expect(await said({ "churn/predict.sh": `# another one\n${upside}` }, "again")).toMatch(
      /^fail: 🔴 churn: refused: /,
    );
    const artifacts = (await new EvidenceReader(story.ports.evidence).allRuns()).map(({ artifact }) => artifact.sha256);
    expect(artifacts.filter((sha256) => sha256 === artifacts.at(-1))).toHaveLength(4);
  });
});

describe("a candidate that is not better", () => {
  it("is refused where it is worse, and a merge over the red check ships nothing, whoever says so", async () => {
    await using story = await openStory({ writer: "app", start: "improved" });
    const pull = await story.propose({ [paramsFile]: params(0.2) }, "worse");
    expect(await story.ending(pull)).toEqual({
      verdict: "fail",
      check: "failure",
      production: "v1.1.0",
      trainings: 3,
      waits: 0,
    });
    expect(await story.firstLines(pull)).toMatch(/^### 🔴 churn: refused: /);
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 3, waits: 0 });
    await story.comment(pull, "/promote", "ben");
    expect((await story.answers(pull)).at(-1)).toMatch(/^🚫 Not done/);
    expect(await story.production()).toBe("v1.1.0");
  });

  it("is undecided where the rows do not tell, and says about how many would", async () => {
    await using story = await openStory({ writer: "app", start: "improved" });
    const pull = await story.propose({ [paramsFile]: params(0.68, { noise: "b" }) }, "sideways");
    expect(await story.ending(pull)).toMatchObject({
      verdict: "inconclusive",
      check: "action_required",
      production: "v1.1.0",
    });
    expect(await story.firstLines(pull)).toMatch(
      /^### 🟡 churn: not decided.*about [\d,]+ customers would decide it, it has 400/,
    );
    await story.merge(pull);
    expect(await story.ending()).toMatchObject({ production: "v1.1.0", waits: 1 });
    await story.comment(pull, "/promote -- close enough", "ben");
    expect(await story.ending()).toMatchObject({ production: "v1.2.0", trainings: 3, waits: 0 });
  });
});

describe("a pull request that touches no model", () => {
  it("is green with no comment and at most 8 requests of the app, also where the base has moved in the same file", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    await story.change({ "README.md": "# Theirs\n" }, "readme");
    story.mark();
    const pull = await story.open("readme");
    expect(await story.ending(pull)).toEqual({
      verdict: "not_affected",
      check: "success",
      production: "v1.0.0",
      trainings: 1,
      waits: 0,
    });
    expect(await story.text(pull)).toBe("");
    await story.push({ "README.md": "# Ours\n\nat length\n" });
    expect((await story.check(pull)).conclusion).not.toBe("success");
    await story.push({ "README.md": "# A shop\n" });
    expect(await story.ending(pull)).toMatchObject({ check: "success", trainings: 1 });
  });
});

describe("going back", () => {
  it("to an old recipe without a revert goes through the gates, and comes back as the version that it was", async () => {
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

  it("by a revert returns to the version before, by a revert of the revert forward again, with no training", async () => {
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

      <sub>For head \`·······\` · \`/train --again\` · \`/help\`</sub>"
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
