import { describe, expect, it } from "vitest";
import { openStory } from "./story/open-story.ts";
import { config, params } from "./story/repository-files.ts";

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
      const [before, reviewed] = [await story.standing(), await story.text(pull)];
      expect(reviewed.split("\n")[0]).toBe(
        "### 🟢 churn: better than production v1.0.0. Merging ships it as v1.1.0 to `production`",
      );
      await story.merge(pull, method);
      expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 2, waits: 0 });
      const standing = await story.standing();
      expect(standing?.artifact).not.toBe(before?.artifact);
      const release = await story.ports.releases.find("churn@v1.1.0");
      expect(release?.draft).toBe(false);
      expect(release?.assets.find(({ name }) => name.startsWith("model."))?.sha256).toBe(standing?.artifact);
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
      /^### 🟡 churn: not decided.*about [\d,]+ units of "customer" would decide it, it has 400/,
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

describe("a pull request that changes how models are judged", () => {
  it("by gates alone is settings: green, nothing trained, nothing shipped", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const gates = [{ metric: "auc", "at-least": 0.99 } as const];
    const pull = await story.propose({ ".github/trainyard.yml": config("app", { churn: { gates } }) }, "gates");
    expect(await story.ending(pull)).toEqual({
      verdict: "settings",
      check: "success",
      production: "v1.0.0",
      trainings: 1,
      waits: 0,
    });
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "v1.0.0", trainings: 1, waits: 0 });
  });

  it("together with the model is decided by the base branch's gates, and says so first", async () => {
    await using story = await openStory({ writer: "app", start: "improved" });
    const gates = [{ metric: "auc", "at-least": 0.1 } as const];
    const files = { ".github/trainyard.yml": config("app", { churn: { gates } }), [paramsFile]: params(0.2) };
    const pull = await story.propose(files, "cheat");
    expect(await story.ending(pull)).toMatchObject({ verdict: "fail", check: "failure", production: "v1.1.0" });
    expect(await story.text(pull)).toMatch(/gates/);
  });
});

describe("going back", () => {
  it("by a revert returns to the version before, by a revert of the revert forward again, with no training", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const pull = await story.propose({ [paramsFile]: params(0.8) }, "better");
    await story.merge(pull);
    const back = await story.revert(pull);
    expect(await story.ending(back)).toEqual({
      verdict: "return",
      check: "success",
      production: "v1.1.0",
      trainings: 2,
      waits: 0,
    });
    await story.merge(back);
    expect(await story.ending()).toEqual({ production: "v1.0.0", trainings: 2, waits: 0 });
    const forward = await story.revert(back);
    expect(await story.ending(forward)).toMatchObject({ verdict: "return", check: "success" });
    await story.merge(forward);
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 2, waits: 0 });
    expect(await story.versions()).toEqual(["v1.0.0", "v1.1.0"]);
  });

  it("to an old recipe without a revert goes through the gates", async () => {
    await using story = await openStory({ writer: "app", start: "improved" });
    const pull = await story.propose({ [paramsFile]: params(0.5) }, "as-it-was");
    expect(await story.ending(pull)).toEqual({
      verdict: "fail",
      check: "failure",
      production: "v1.1.0",
      trainings: 2,
      waits: 0,
    });
  });
});
