import { describe, expect, it } from "vitest";
import { openStory } from "#test/flow/story/open-story.ts";
import { config, params } from "#test/flow/story/repository-files.ts";

const paramsFile = "churn/params.txt";
const dataFile = "churn/train.csv";

describe("the default branch moves while a pull request is open", () => {
  it("elsewhere: the verdict stays, nothing runs for it", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const pull = await story.propose({ [paramsFile]: params(0.8) }, "better");
    const jobs = story.jobs().length;
    await story.push({ "docs/more.md": "more\n" });
    expect(await story.ending(pull)).toMatchObject({ verdict: "pass", check: "success", trainings: 2 });
    expect(story.jobs().slice(jobs)).toEqual(["push: loop"]);
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 2, waits: 0 });
  });

  it("in the same inputs: stale until the branch is updated, then trained as it would be merged", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const pull = await story.propose({ [paramsFile]: params(0.8) }, "better");
    await story.push({ "churn/predict.sh": `# a remark\n${story.files["churn/predict.sh"] ?? ""}` });
    expect((await story.check(pull)).title).toMatch(/update the branch/);
    expect((await story.check(pull)).conclusion).toBe("failure");
    const before = story.trainings();
    await story.rebase("better");
    expect(await story.ending(pull)).toMatchObject({ check: "success", trainings: before + 1 });
  });

  it("by the merge of another model: the verdict stays, nothing is trained for it", async () => {
    await using story = await openStory({ writer: "app", start: "production", models: { churn: {}, stock: {} } });
    const slow = await story.propose({ [paramsFile]: params(0.6) }, "slow");
    expect(await story.ending(slow)).toMatchObject({ check: "success" });
    const fast = await story.propose({ "stock/params.txt": params(0.9) }, "fast");
    await story.merge(fast);
    expect(await story.production("stock")).toBe("v1.1.0");
    expect(await story.ending(slow)).toMatchObject({ check: "success", trainings: 2 });
  });
});

describe("two pull requests", () => {
  it("that meet in the same inputs make something nobody reviewed: trained, judged, waiting for /promote", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const one = await story.propose({ [paramsFile]: params(0.7) }, "one");
    const two = await story.propose({ [dataFile]: `${story.files[dataFile] ?? ""}99999,0.5,0.5,0.5,1\n` }, "two");
    await story.merge(one);
    expect(await story.production()).toBe("v1.1.0");
    expect((await story.check(two)).title).toMatch(/update the branch/);
    await story.merge(two);
    expect(await story.ending()).toMatchObject({ production: "v1.1.0", waits: 1 });
    const [waiting] = await story.waiting();
    await story.comment(waiting?.number ?? 0, "/promote", "ben");
    expect(await story.ending()).toMatchObject({ production: "v1.2.0", waits: 0 });
  });

  it("of two models, merged in a row, ship both", async () => {
    await using story = await openStory({ writer: "app", start: "production", models: { churn: {}, stock: {} } });
    const one = await story.propose({ [paramsFile]: params(0.7) }, "one");
    const two = await story.propose({ "stock/params.txt": params(0.7) }, "two");
    await story.merge(one);
    await story.merge(two);
    expect([await story.production("churn"), await story.production("stock")]).toEqual(["v1.1.0", "v1.1.0"]);
    expect(story.trainings()).toBe(4);
  });

  it("in one merge over a red check: the green model ships, the red one does not", async () => {
    await using story = await openStory({ writer: "app", start: "production", models: { churn: {}, stock: {} } });
    const pull = await story.propose({ [paramsFile]: params(0.1), "stock/params.txt": params(0.8) }, "both");
    expect(await story.ending(pull)).toMatchObject({ verdict: "fail", check: "failure" });
    expect(await story.verdict(pull, "stock")).toBe("pass");
    await story.merge(pull);
    expect([await story.production("churn"), await story.production("stock")]).toEqual(["v1.0.0", "v1.1.0"]);
  });
});

describe("a direct push", () => {
  it("is judged and waits; a revert of it is back at once", async () => {
    await using story = await openStory({ writer: "app", start: "improved" });
    const sha = await story.push({ [paramsFile]: params(0.9) });
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 3, waits: 1 });
    await story.comment((await story.waiting())[0]?.number ?? 0, "/promote", "ben");
    expect(await story.ending()).toEqual({ production: "v1.2.0", trainings: 3, waits: 0 });
    await story.push({ [paramsFile]: params(0.7) }, `Revert "Work on main"\n\nThis reverts commit ${sha}.`);
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 3, waits: 0 });
  });

  it("of a config that cannot be read moves nothing", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    await story.push({ ".github/trainyard.yml": `${config("app")}nonsense: true\n` });
    expect(await story.ending()).toEqual({ production: "v1.0.0", trainings: 1, waits: 0 });
  });
});

describe("bytes that are gone", () => {
  it("before the merge make the run unknown: it is trained again and waits", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const pull = await story.propose({ [paramsFile]: params(0.8) }, "better");
    const { octokit } = story.sandbox.person("ada");
    const { data } = await octokit.rest.actions.listArtifactsForRepo({ owner: "ada", repo: "shop", per_page: 100 });
    for (const { id, name } of data.artifacts.filter((entry) => entry.name.startsWith("trainyard-run-"))) {
      expect(name).toMatch(/^trainyard-run-/);
      await octokit.rest.actions.deleteArtifact({ owner: "ada", repo: "shop", artifact_id: id });
    }
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "v1.0.0", trainings: 3, waits: 1 });
  });
});

describe("a conflict", () => {
  it("is an error that says what to do, and goes once it is resolved", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const pull = await story.propose({ [paramsFile]: params(0.8) }, "better");
    await story.push({ [paramsFile]: params(0.55) });
    expect((await story.check(pull)).conclusion).toBe("failure");
    await story.change({ [paramsFile]: params(0.8) }, "better");
    expect(await story.ending(pull)).toMatchObject({ verdict: "pass", check: "success" });
  });
});
