import { expect, it } from "vitest";
import type { HookFault, RequestFault } from "#sandbox/forge/faults/fault.ts";
import { openStory, type Story } from "../story/open-story.ts";
import { here, params } from "../story/repository-files.ts";

const paramsFile = "churn/params.txt";
const app = "trainyard[bot]";

/** What goes wrong with the app's requests, and with what it is told. */
const requests: readonly RequestFault[] = [
  { kind: "request", on: "POST /repos/*", by: app, does: "500", moment: "after", when: { share: 0.3, seed: 5 } },
  { kind: "request", on: "PATCH *", by: app, does: "cut", moment: "after", when: { nth: 2 } },
  { kind: "request", on: "GET /repos/*", by: app, does: "502", when: { share: 0.05, seed: 11 } },
];
const hooks: readonly HookFault[] = [
  { kind: "hook", on: "pull_request.*", does: "twice", when: { share: 0.5, seed: 3 } },
  { kind: "hook", on: "issue_comment.created", does: "failed", when: { nth: 1 } },
  { kind: "hook", on: "workflow_run.completed", does: "lost", when: { nth: 1 } },
  { kind: "hook", on: "push", does: "late", when: { first: 1 } },
];

/** A better one that ships, and an undecided one that is accepted. */
async function play(story: Story, meanwhile: () => Promise<void>): Promise<readonly number[]> {
  const better = await story.propose({ [paramsFile]: params(0.8) }, "better");
  await meanwhile();
  await story.merge(better);
  await meanwhile();
  const unsure = await story.propose({ [paramsFile]: params(0.8, { noise: "b" }) }, "unsure");
  await meanwhile();
  await story.comment(unsure, "/accept -- as good as it was", "ben");
  await meanwhile();
  return [better, unsure];
}

/** All that is there in the end, without what is another number or instant every time. */
async function look(story: Story, issues: readonly number[]) {
  const { octokit } = story.sandbox.person("ada");
  const { data: refs } = await octokit.rest.git.listMatchingRefs({ ...here, ref: "tags/" });
  const { data: releases } = await octokit.rest.repos.listReleases(here);
  // a head may be twelve digits
  const still = (path: string): string =>
    path.startsWith("reviews/")
      ? path.replace(/-[0-9a-f]{12}(?=\.json$)/, "-head")
      : path.replace(/\d+-\d+(?=\.json$)/, "run");
  const evidence = (await story.ports.evidence.list()).map(still);
  return {
    tags: refs.map(({ ref }) => ref),
    releases: releases.map(({ tag_name: tag, draft, assets }) => [tag, draft, assets.map(({ name }) => name)]),
    production: (await story.standing())?.artifact,
    trainings: story.trainings(),
    evidence: evidence.toSorted(),
    checks: await Promise.all(issues.map(async (pull) => (await story.check(pull)).conclusion)),
    waiting: (await story.waiting()).map(({ title }) => title),
    said: await Promise.all(issues.map(async (issue) => await story.answers(issue))),
  };
}

it("a service that fails after it has done it, and tells too late, twice or never, ends as on a good day", async () => {
  const told = async (isBad: boolean) => {
    await using story = await openStory({ writer: "app", start: "production" });
    const { faults } = story.sandbox.forge;
    const set = isBad ? [...requests, ...hooks].map((fault) => faults.add(fault)) : [];
    const issues = await play(story, async () => {
      if (isBad) await story.sandbox.app?.sweep();
      await story.settle();
    });
    for (const late of set) late.release("reversed");
    await story.settle();
    for (const fault of set) expect(fault.fired, JSON.stringify(fault.fault)).toBeGreaterThan(0);
    return await look(story, issues);
  };
  const good = await told(false);
  expect(good.tags).toHaveLength(4);
  expect(await told(true)).toEqual(good);
});
