import { expect, it } from "vitest";
import { openStory, type Story } from "#test/flow/story/open-story.ts";
import { params } from "#test/flow/story/repository-files.ts";
import { here } from "#test/flow/story/repository-files.ts";
import type { Start } from "#test/flow/story/start.ts";

const paramsFile = "churn/params.txt";

/** What people do, and the numbers of the pull requests and issues that they did it on. */
type Plot = {
  name: string;
  start: Start;
  /** The jobs where the app writes; the workflow's are one. */
  jobs: "apart" | "one";
  play(story: Story): Promise<{ pulls: readonly number[]; issues: readonly number[] }>;
};

const plots: readonly Plot[] = [
  {
    name: "a better candidate that is squashed, and reverted",
    start: "production",
    jobs: "one",
    async play(story) {
      const better = await story.propose({ [paramsFile]: params(0.8) }, "better");
      await story.merge(better, "squash");
      const back = await story.revert(better);
      await story.merge(back);
      return { pulls: [better, back], issues: [better, back] };
    },
  },
  {
    name: "a push that waits for /promote, said wrongly first",
    start: "pushed",
    jobs: "apart",
    async play(story) {
      const issue = (await story.waiting())[0]?.number ?? 0;
      await story.comment(issue, "/promote", "cyd");
      await story.comment(issue, "/promot", "ben");
      await story.comment(issue, "/promote churn -- a start", "ben");
      return { pulls: [], issues: [issue] };
    },
  },
  {
    name: "a worse one, an undecided one, one that touches nothing and one that goes stale",
    start: "improved",
    jobs: "one",
    async play(story) {
      const worse = await story.propose({ [paramsFile]: params(0.4) }, "worse");
      const undecided = await story.propose({ [paramsFile]: params(0.7, { noise: "b" }) }, "undecided");
      const words = await story.propose({ "README.md": "# The shop\n" }, "words");
      await story.merge(undecided);
      const pulls = [worse, undecided, words];
      return { pulls, issues: [...pulls, ...(await story.waiting()).map(({ number }) => number)] };
    },
  },
];

it.for(plots)(
  "$name: the app and the workflow, with jobs apart or in one, say and do the same",
  async ({ start, jobs, play }) => {
    const told = async (writer: "app" | "actions"): Promise<Awaited<ReturnType<typeof look>>> => {
      await using story = await openStory({ writer, jobs: writer === "app" ? jobs : "one", start });
      return await look(story, await play(story));
    };
    const byApp = await told("app");
    expect(byApp.tags.length).toBeGreaterThan(1);
    expect(await told("actions")).toEqual(byApp);
  },
);

async function look(story: Story, { pulls, issues }: Awaited<ReturnType<Plot["play"]>>) {
  const { octokit } = story.sandbox.person("ada");
  const { data: refs } = await octokit.rest.git.listMatchingRefs({ ...here, ref: "tags/" });
  const { data: releases } = await octokit.rest.repos.listReleases(here);
  return {
    tags: refs.map(({ ref }) => ref),
    releases: releases.map(({ tag_name: tag, draft, assets }) => ({
      tag,
      draft,
      assets: assets.map(({ name, digest }) => (name.startsWith("model") ? `${name} ${digest ?? ""}` : name)),
    })),
    production: (await story.standing())?.artifact,
    trainings: story.trainings(),
    checks: await Promise.all(
      pulls.map(async (pull) => ({ verdict: await story.verdict(pull), ...(await without(story, pull)) })),
    ),
    said: await Promise.all(issues.map(async (issue) => [await story.issue(issue), await story.answers(issue)])),
  };
}

/** The check of the app and that of the workflow; the workflow has a job besides, which the app does not need. */
async function without(story: Story, pull: number): Promise<{ title: string; conclusion: string | null }> {
  const { title, conclusion } = await story.check(pull);
  return { title: title.replaceAll(/\b[0-9a-f]{12}\b/g, "·······"), conclusion };
}
