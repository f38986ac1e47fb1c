import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCommitSha } from "#core/names.ts";
import type { Ports } from "#core/ports.ts";
import { createOctokit } from "#github/create-octokit.ts";
import { forgeFixture, type ForgeFixture } from "./fixture/forge-fixture.ts";
import { git } from "./fixture/git-folders.ts";

async function openForge(writer: "app" | "actions") {
  return forgeFixture(writer, (ports) => ports);
}

/** A person pushes a branch with one commit. Answers its head. */
async function pushBranch(fixture: ForgeFixture<Ports>, branch: string) {
  const folder = await fixture.clone();
  await git(folder, "checkout", "--quiet", "-b", branch);
  await writeFile(join(folder, `${branch}.txt`), `${branch}\n`);
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "--message", `Try ${branch}`);
  await git(folder, "push", "--quiet", "origin", branch);
  return parseCommitSha(await git(folder, "rev-parse", "HEAD"));
}

function person(fixture: ForgeFixture<Ports>, login = "acme") {
  const token = fixture.forge.createToken(login);
  return createOctokit({ baseUrl: fixture.forge.urls.api, token });
}

const at = { owner: "acme", repo: "shop" };

describe("githubPulls()", () => {
  it("open() opens one, and finds it instead of opening another", async () => {
    await using fixture = await openForge("app");
    const head = await pushBranch(fixture, "retrain");
    const { pulls } = fixture.port();
    expect(await pulls.fromBranch("retrain")).toBeUndefined();
    const draft = { title: "Retrain", body: "Drift", head: "retrain", base: "main" };
    const opened = await pulls.open(draft);
    expect(opened).toMatchObject({
      title: "Retrain",
      body: "Drift",
      state: "open",
      merged: false,
      mergeCommit: undefined,
      fork: false,
      draft: false,
      author: "trainyard[bot]",
      labels: [],
    });
    expect(opened).toMatchObject({ head: { sha: head, ref: "retrain" }, base: { sha: fixture.second, ref: "main" } });
    expect((await pulls.open(draft)).number).toBe(opened.number);
    expect((await pulls.fromBranch("retrain"))?.number).toBe(opened.number);
    await pulls.edit(opened.number, { title: "Retrain churn", body: "More drift" });
    expect(await pulls.get(opened.number)).toMatchObject({ title: "Retrain churn", body: "More drift" });
  });

  it("get() shows the test merge, whose parents are base and head", async () => {
    await using fixture = await openForge("app");
    const head = await pushBranch(fixture, "feature");
    const { pulls, repository } = fixture.port();
    const { number } = await pulls.open({ title: "t", body: "", head: "feature", base: "main" });
    await expect.poll(async () => (await pulls.get(number)).mergeable).toBe(true);
    const pull = await pulls.get(number);
    const merge = pull.testMerge && (await repository.commit(pull.testMerge));
    expect(merge?.parents).toEqual([fixture.second, head]);
    expect(await pulls.messages(number)).toEqual(["Try feature"]);
  });

  it("openOnto() lists oldest first; ofCommit() names the one that brought a commit to the default branch", async () => {
    await using fixture = await openForge("app");
    for (const branch of ["one", "two"]) await pushBranch(fixture, branch);
    const { pulls } = fixture.port();
    const one = await pulls.open({ title: "one", body: "", head: "one", base: "main" });
    const two = await pulls.open({ title: "two", body: "", head: "two", base: "main" });
    expect((await pulls.openOnto("main")).map(({ number }) => number)).toEqual([one.number, two.number]);
    expect(await pulls.openOnto("one")).toEqual([]);
    const { data } = await person(fixture).rest.pulls.merge({ ...at, pull_number: two.number, merge_method: "squash" });
    const merged = parseCommitSha(data.sha);
    expect((await pulls.ofCommit(merged)).map(({ number }) => number)).toEqual([two.number]);
    expect(await pulls.ofCommit(fixture.second)).toEqual([]);
    expect(await pulls.get(two.number)).toMatchObject({
      state: "closed",
      merged: true,
      mergeCommit: merged,
      testMerge: undefined,
    });
    expect((await pulls.openOnto("main")).map(({ number }) => number)).toEqual([one.number]);
  });

  it("a number that does not exist is a sentence", async () => {
    await using fixture = await openForge("actions");
    await expect(fixture.port().pulls.get(99)).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining('Cannot read pull request #99 of "acme/shop"'),
    });
  });
});

describe("githubPulls() of one branch", () => {
  it("ofBranch() shows open and closed ones, newest first, and when they were closed", async () => {
    await using fixture = await openForge("app");
    await pushBranch(fixture, "retrain-churn");
    const { pulls } = fixture.port();
    expect(await pulls.ofBranch("retrain-churn")).toEqual([]);
    const draft = { title: "t", body: "b", head: "retrain-churn", base: "main" };
    const first = await pulls.open(draft);
    await person(fixture).rest.pulls.update({ ...at, pull_number: first.number, state: "closed" });
    const second = await pulls.open(draft);
    const found = await pulls.ofBranch("retrain-churn");
    expect(found.map(({ number, state, merged }) => [number, state, merged])).toEqual([
      [second.number, "open", false],
      [first.number, "closed", false],
    ]);
    expect(found.map(({ closedAt }) => closedAt instanceof Date)).toEqual([false, true]);
    expect(await pulls.ofBranch("churn")).toEqual([]);
  });

  it("isSettled() knows an approval that nobody took back", async () => {
    await using fixture = await openForge("app");
    await pushBranch(fixture, "retrain-churn");
    const { pulls } = fixture.port();
    const { number } = await pulls.open({ title: "t", body: "b", head: "retrain-churn", base: "main" });
    expect(await pulls.isSettled(number)).toBeUndefined();
    const review = async (event: "APPROVE" | "REQUEST_CHANGES"): Promise<void> =>
      void (await person(fixture).rest.pulls.createReview({ ...at, pull_number: number, event, body: "said" }));
    await review("APPROVE");
    expect(await fixture.port().pulls.isSettled(number)).toBe("approved");
    await review("REQUEST_CHANGES");
    expect(await fixture.port().pulls.isSettled(number)).toBeUndefined();
  });
});

describe("githubChecks()", () => {
  it.for(["app", "actions"] as const)("create(), find() and update() one check a commit, by the %s", async (writer) => {
    await using fixture = await openForge(writer);
    const { checks } = fixture.port();
    expect(await checks.find(fixture.second)).toBeUndefined();
    await checks.create(fixture.second, {
      state: { kind: "in_progress" },
      title: "Training",
      summary: "…",
      externalId: "e1",
    });
    const found = await checks.find(fixture.second);
    expect(found).toMatchObject({ state: { kind: "in_progress" }, title: "Training", summary: "…", externalId: "e1" });
    const done = {
      state: { kind: "completed", conclusion: "action_required" },
      title: "Not decided",
      summary: "s",
      externalId: "e2",
    } as const;
    await checks.update(found?.id ?? 0, done);
    expect(await checks.find(fixture.second)).toEqual({ id: found?.id, ...done });
    const other = await fixture.as(writer === "app" ? "actions" : "app");
    expect(await other.checks.find(fixture.second)).toBeUndefined();
  });
});

describe("githubComments() and githubIssues()", () => {
  it("own() shows comments of ours only; update() and remove() change them", async () => {
    await using fixture = await openForge("app");
    await pushBranch(fixture, "feature");
    const { pulls, comments } = fixture.port();
    const { number } = await pulls.open({ title: "t", body: "", head: "feature", base: "main" });
    await person(fixture).rest.issues.createComment({
      ...at,
      issue_number: number,
      body: "<!-- trainyard --> green, trust me",
    });
    await (await fixture.as("actions")).comments.create(number, "by the job");
    const { id } = await comments.create(number, "by the app");
    expect(await comments.own(number)).toMatchObject([{ id, body: "by the app" }]);
    await comments.update(id, "edited");
    expect(await fixture.port().comments.own(number)).toMatchObject([{ id, body: "edited" }]);
    await comments.remove(id);
    await comments.remove(id);
    expect(await comments.own(number)).toEqual([]);
    expect(await (await fixture.as("actions")).comments.own(number)).toMatchObject([{ body: "by the job" }]);
  });

  it("own() shows issues of ours with the label, open and closed, newest last", async () => {
    await using fixture = await openForge("actions");
    const { issues } = fixture.port();
    const first = await issues.create({ title: "Drift in churn", body: "b", labels: ["trainyard-drift"] });
    const second = await issues.create({ title: "Drift in fraud", body: "b", labels: ["trainyard-drift"] });
    await issues.create({ title: "Other", body: "b", labels: ["other"] });
    await person(fixture).rest.issues.create({ ...at, title: "Drift in churn", labels: ["trainyard-drift"] });
    await issues.update(first.number, { state: "closed", body: "over" });
    expect(await fixture.port().issues.own("trainyard-drift")).toEqual([
      { ...first, state: "closed", body: "over" },
      second,
    ]);
  });
});

describe("githubDeployments()", () => {
  it("record() says once that a version stands at an environment, and again when it comes back", async () => {
    await using fixture = await openForge("app");
    const { deployments } = fixture.port();
    const production = { environment: "production", description: "merged" };
    const v1 = { ...production, ref: fixture.first, version: "churn@v1.0.0" };
    const v2 = { ...production, ref: fixture.second, version: "churn@v1.1.0" };
    const writes = async (record: typeof v1): Promise<number> => {
      const before = fixture.forge.requests.filter(({ write }) => write).length;
      await deployments.record(record);
      return fixture.forge.requests.filter(({ write }) => write).length - before;
    };
    expect(await writes(v1)).toBe(2);
    expect(await writes(v1)).toBe(0);
    expect(await writes({ ...v1, version: "fraud@v1.0.0" })).toBe(2);
    expect(await writes(v2)).toBe(3);
    expect(await writes(v2)).toBe(0);
    expect(await writes(v1)).toBe(3);
    const { data } = await person(fixture).rest.repos.listDeployments({ ...at, environment: "production" });
    const states = await Promise.all(
      data.map(
        async ({ id, task }) =>
          `${task} ${(await person(fixture).rest.repos.listDeploymentStatuses({ ...at, deployment_id: Number(id) })).data[0]?.state}`,
      ),
    );
    expect(states).toEqual([
      "trainyard:churn success",
      "trainyard:churn inactive",
      "trainyard:fraud success",
      "trainyard:churn inactive",
    ]);
  });
});

describe("githubPeople()", () => {
  it("mayWrite() is true for who may write, and for nobody else", async () => {
    await using fixture = await openForge("app");
    fixture.forge.createUser("eve");
    const { people } = fixture.port();
    expect(await people.mayWrite("acme")).toBe(true);
    expect(await people.mayWrite("eve")).toBe(false);
    expect(await people.mayWrite("nobody")).toBe(false);
    expect(await people.mayWrite("../../../user")).toBe(false);
  });
});
