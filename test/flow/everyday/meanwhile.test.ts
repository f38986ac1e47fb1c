import { describe, expect, it, vi } from "vitest";
import { strToU8, zipSync } from "fflate";
import type { Repo } from "#sandbox/forge/contract.ts";
import { predictionsRecordSchema } from "#core/evidence.ts";
import { jobsOf, runsOf } from "#sandbox/actions/link/run-store.ts";
import { artifactsOf, saveArtifact } from "#sandbox/actions/service/artifact-store.ts";
import { openStory, type StoryOptions } from "#test/flow/story/open-story.ts";
import { makeRows } from "#test/flow/story/rows.ts";
import { evaluate, here, params, repositoryFiles, type Models } from "#test/flow/story/repository-files.ts";

const paramsFile = "churn/params.txt";
const coin = (): { run: string; code: string[] } => ({
  run: `awk -F, 'FNR == 1 { print "customer,p"; next } { print $1 ",0.5" }' "$ROWS" > "$PREDICTIONS"`,
  code: ["shared/*.sh"],
});
const shapes: readonly Pick<Required<StoryOptions>, "jobs">[] = [{ jobs: "apart" }, { jobs: "one" }];

describe("production that moves while a pull request is judged", () => {
  it.for(shapes)("is what it is compared with in the end, with jobs $jobs", async ({ jobs }) => {
    await using story = await openStory({ writer: "actions", jobs, start: "pushed" });
    const slow = `sleep 3\n${story.files["churn/train.sh"]}`;
    await story.change({ "churn/train.sh": slow, [paramsFile]: params(0.8) }, "better");
    const { octokit } = story.sandbox.person("ada");
    const { data } = await octokit.rest.pulls.create({ ...here, head: "better", base: "main", title: "Better" });
    await vi.waitFor(() => expect(trains(story.repo)).toBe(true), { timeout: 30_000, interval: 20 });
    await story.comment((await story.waiting())[0]?.number ?? 0, "/promote");
    expect(await story.ending(data.number)).toMatchObject({ verdict: "pass", production: "v1.0.0", trainings: 2 });
    expect((await story.check(data.number)).conclusion).toBe("success");
    expect(await story.firstLines(data.number)).toContain("better than production v1.0.0");
    const run = runsOf(story.repo).find(({ event }) => event === "pull_request");
    await octokit.rest.actions.reRunWorkflow({ ...here, run_id: run?.id ?? 0 });
    await story.settle();
    expect(await story.ending(data.number)).toMatchObject({ verdict: "pass", check: "success", trainings: 2 });
  });
});

/** Is a pull request trained just now? */
function trains(repo: Repo): boolean {
  return runsOf(repo)
    .filter(({ event }) => event === "pull_request")
    .flatMap(({ id }) => jobsOf(repo, id))
    .some(({ name, status }) => status === "in_progress" && /(?:train churn|loop)$/.test(name));
}

describe("two models with one baseline on one holdout", () => {
  it("are both judged, again and again", async () => {
    const jobs = "one";
    const models: Models = {
      churn: { evaluate: { ...evaluate("churn"), baseline: coin() } },
      other: { evaluate: { ...evaluate("other", "churn/holdout.csv"), baseline: coin() } },
    };
    await using story = await openStory({ writer: "actions", jobs, models });
    const files = { ...repositoryFiles("actions", models, jobs), "shared/a.sh": "true\n" };
    await story.merge(await story.propose(files, "first"));
    const pull = await story.propose({ [paramsFile]: params(0.7), "other/params.txt": params(0.8) }, "second");
    expect([await story.verdict(pull, "churn"), await story.verdict(pull, "other")]).toEqual(["first", "first"]);
  });
});

describe("predictions that were put in the place of those that were measured", () => {
  it("are not believed when they are asked for again", async () => {
    const models: Models = { churn: { evaluate: { ...evaluate("churn"), baseline: coin() } } };
    await using story = await openStory({ writer: "actions", models });
    const files = { ...repositoryFiles("actions", models, "one"), "shared/a.sh": "true\n" };
    await story.merge(await story.propose(files, "first"));
    const pull = await story.propose({ [paramsFile]: params(0.1) }, "bad");
    expect(await story.verdict(pull)).toBe("fail");
    const right = makeRows(400, 2)
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
    const forged = strToU8(`customer,p\n${right.map((cells) => `${cells[0]},${cells[4]}`).join("\n")}\n`);
    const { evidence } = story.ports;
    for (const path of (await evidence.list()).filter((one) => one.startsWith("predictions/"))) {
      // oxlint-disable-next-line no-await-in-loop -- a few small ones
      const { bytes } = predictionsRecordSchema.parse(JSON.parse((await evidence.read(path)) ?? ""));
      if (bytes.kind !== "workflow-artifact") throw new Error(`${path} lies elsewhere`);
      const job = artifactsOf(story.repo).find(({ name, run }) => name === bytes.name && run === bytes.run)?.job ?? 0;
      const { run, name } = bytes;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await saveArtifact(
        story.sandbox.forge,
        story.repo,
        { run, name, job, attempt: 2, type: "application/zip", retentionMs: 1e9 },
        zipSync({ [bytes.path]: forged }),
      );
    }
    await story.push({ "shared/a.sh": "true; true\n" }, "Another baseline");
    expect((await story.check(pull)).conclusion).toBe("failure");
    expect(await story.text(pull)).not.toContain("1.00");
  });
});
