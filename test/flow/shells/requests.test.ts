import { describe, expect, it } from "vitest";
import { openStory } from "#test/flow/story/open-story.ts";
import type { Requests } from "#test/flow/story/read-requests.ts";
import { params } from "#test/flow/story/repository-files.ts";

const paramsFile = "churn/params.txt";

const withoutCounts = ({ app, jobs }: Requests): unknown => [app, jobs].map(({ reads, writes }) => ({ reads, writes }));

describe("the app asks the service no more than it has to", () => {
  it("about a pull request that touches no model", async () => {
    await using story = await openStory({ writer: "app", jobs: "apart", start: "production" });
    await story.change({ "README.md": "# Theirs\n" }, "readme");
    story.mark();
    const pull = await story.open("readme");
    expect(withoutCounts(story.requests())).toMatchInlineSnapshot(`
      [
        {
          "reads": {
            "GET /commits/{ref}/check-runs": 1,
            "GET /git/ref/{ref}": 1,
            "GET /pulls/{pull_number}": 1,
          },
          "writes": [
            "POST /check-runs",
          ],
        },
        {
          "reads": {
            "GET ": 1,
            "GET /git/ref/{ref}": 1,
            "GET /pulls/{pull_number}": 1,
          },
          "writes": [],
        },
      ]
    `);
    expect(story.requests().app.count).toBeLessThanOrEqual(8);
    expect(await story.ending(pull)).toEqual({
      verdict: "not_affected",
      check: "success",
      production: "v1.0.0",
      trainings: 1,
      waits: 0,
    });
  });

  it("about a pull request whose recipe is known", async () => {
    await using story = await openStory({ writer: "app", jobs: "apart", start: "production" });
    await story.propose({ [paramsFile]: params(0.8) }, "better");
    await story.change({ [paramsFile]: params(0.8) }, "twin");
    story.mark();
    const pull = await story.open("twin");
    expect(withoutCounts(story.requests())).toMatchInlineSnapshot(`
      [
        {
          "reads": {
            "GET /actions/runs": 1,
            "GET /actions/runs/{run_id}": 1,
            "GET /actions/runs/{run_id}/artifacts": 4,
            "GET /branches/{branch}": 1,
            "GET /commits/{ref}/check-runs": 2,
            "GET /git/matching-refs/{ref}": 2,
            "GET /git/ref/{ref}": 2,
            "GET /issues/{issue_number}/comments": 3,
            "GET /pulls/{pull_number}": 2,
            "GET /releases/tags/{tag}": 2,
          },
          "writes": [
            "POST /git/trees",
            "POST /git/commits",
            "PATCH /git/refs/{ref}",
            "POST /issues/{issue_number}/comments",
            "POST /check-runs",
          ],
        },
        {
          "reads": {
            "GET ": 1,
            "GET /actions/runs/{run_id}/artifacts": 1,
            "GET /git/matching-refs/{ref}": 1,
            "GET /git/ref/{ref}": 1,
            "GET /pulls/{pull_number}": 1,
            "GET /releases/tags/{tag}": 1,
          },
          "writes": [],
        },
      ]
    `);
    expect(await story.ending(pull)).toEqual({
      verdict: "pass",
      check: "success",
      production: "v1.0.0",
      trainings: 2,
      waits: 0,
    });
  });

  it("about a pull request that trains, and its merge", async () => {
    await using story = await openStory({ writer: "app", jobs: "apart", start: "production" });
    await story.change({ [paramsFile]: params(0.8) }, "better");
    story.mark();
    const pull = await story.open("better");
    expect(withoutCounts(story.requests())).toMatchInlineSnapshot(`
      [
        {
          "reads": {
            "GET /actions/artifacts/{artifact_id}/{archive_format}": 1,
            "GET /actions/runs": 2,
            "GET /actions/runs/{run_id}": 1,
            "GET /actions/runs/{run_id}/artifacts": 2,
            "GET /branches/{branch}": 2,
            "GET /commits/{ref}/check-runs": 2,
            "GET /git/matching-refs/{ref}": 2,
            "GET /git/ref/{ref}": 2,
            "GET /issues/{issue_number}/comments": 2,
            "GET /pulls/{pull_number}": 2,
            "GET /releases/tags/{tag}": 2,
          },
          "writes": [
            "POST /check-runs",
            "POST /git/trees",
            "POST /git/commits",
            "PATCH /git/refs/{ref}",
            "POST /git/trees",
            "POST /git/commits",
            "PATCH /git/refs/{ref}",
            "POST /issues/{issue_number}/comments",
            "PATCH /check-runs/{check_run_id}",
          ],
        },
        {
          "reads": {
            "GET ": 1,
            "GET /actions/artifacts/{artifact_id}/{archive_format}": 6,
            "GET /actions/runs/{run_id}/artifacts": 3,
            "GET /git/matching-refs/{ref}": 1,
            "GET /git/ref/{ref}": 1,
            "GET /pulls/{pull_number}": 1,
            "GET /releases/assets/{asset_id}": 1,
            "GET /releases/tags/{tag}": 2,
          },
          "writes": [],
        },
      ]
    `);
    story.mark();
    await story.merge(pull);
    expect(withoutCounts(story.requests())).toMatchInlineSnapshot(`
      [
        {
          "reads": {
            "GET /actions/runs/{run_id}": 1,
            "GET /commits/{commit_sha}/pulls": 1,
            "GET /commits/{ref}/check-runs": 1,
            "GET /git/matching-refs/{ref}": 1,
            "GET /git/ref/{ref}": 2,
            "GET /issues": 1,
            "GET /issues/{issue_number}/comments": 2,
            "GET /pulls": 2,
            "GET /pulls/{pull_number}/commits": 1,
            "GET /releases/tags/{tag}": 1,
          },
          "writes": [
            "POST /check-runs",
            "POST /issues/{issue_number}/comments",
          ],
        },
        {
          "reads": {
            "GET ": 2,
            "GET /actions/artifacts/{artifact_id}/{archive_format}": 2,
            "GET /actions/runs/{run_id}/artifacts": 2,
            "GET /branches/{branch}": 1,
            "GET /deployments": 1,
            "GET /git/matching-refs/{ref}": 4,
            "GET /git/ref/{ref}": 3,
            "GET /pulls/{pull_number}": 2,
            "GET /releases": 2,
            "GET /releases/tags/{tag}": 3,
            "GET /releases/{release_id}": 3,
          },
          "writes": [
            "POST /releases",
            "POST /releases/{release_id}/assets",
            "POST /releases/{release_id}/assets",
            "POST /releases/{release_id}/assets",
            "POST /git/tags",
            "POST /git/refs",
            "PATCH /releases/{release_id}",
            "POST /git/tags",
            "POST /git/refs",
            "POST /deployments",
            "POST /deployments/{deployment_id}/statuses",
            "POST /deployments/{deployment_id}/statuses",
            "POST /git/trees",
            "POST /git/commits",
            "PATCH /git/refs/{ref}",
          ],
        },
      ]
    `);
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 2, waits: 0 });
  });
});

describe("an event that comes again", () => {
  it("changes nothing, whatever it was and however late it comes", async () => {
    await using story = await openStory({ writer: "app", start: "improved" });
    const stale = await story.propose({ "churn/train.sh": `# slowly\n${story.files["churn/train.sh"] ?? ""}` }, "slow");
    const better = await story.propose({ [paramsFile]: params(0.9) }, "better");
    await story.propose({ "README.md": "# Theirs\n" }, "readme");
    await story.merge(better);
    const before = [await story.ending(stale), await story.check(stale), await story.text(stale)];
    expect(before[0]).toEqual({ verdict: "stale", check: "failure", production: "v1.2.0", trainings: 4, waits: 0 });
    story.mark();
    await story.redeliver();
    expect(story.requests().app.count).toBeGreaterThan(0);
    expect([story.requests().app.writes, story.requests().jobs.writes]).toEqual([[], []]);
    expect([await story.ending(stale), await story.check(stale), await story.text(stale)]).toEqual(before);
  });

  it("is no word about what waits by now", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    await story.push({ [paramsFile]: params(0.7) });
    const [waiting] = await story.waiting();
    await story.comment(waiting?.number ?? 0, "/promote", "ben");
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 2, waits: 0 });
    await story.push({ [paramsFile]: params(0.9) });
    story.mark();
    await story.redeliver();
    expect(story.requests().app.writes).toEqual([]);
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 3, waits: 1 });
  });
});
