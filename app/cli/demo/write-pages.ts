import { readFront } from "#cli/sandbox/pages/read-front.ts";
import { readIssue } from "#cli/sandbox/pages/read-issue.ts";
import { readPull } from "#cli/sandbox/pages/read-pull.ts";
import { readRelease } from "#cli/sandbox/pages/read-release.ts";
import type { Light, Site, StoryStep, Target } from "#web/pages.ts";
import { renderPages } from "#web/render-pages.ts";
import type { Journal, Step } from "./journal.ts";
import type { Shop } from "./shop.ts";

/** Writes the demo's repository down as pages, with the story that was played; answers the path of the first one. */
export async function writePages({ sandbox, repo }: Shop, journal: Journal, folder: string): Promise<string> {
  const front = await readFront(sandbox.forge, repo);
  const pulls = await Promise.all(front.pulls.map(({ number }) => readPull(repo, number)));
  const releases = await Promise.all(front.releases.map(({ tag }) => readRelease(repo, tag, front.stages)));
  const site: Site = {
    ...front,
    title: "The groceries shop",
    lead: "The whole life of one model, as it was just played on this machine: every number was computed then and there.",
    facts: [
      { label: "in production", value: journal.steps.at(-1)?.production ?? "nothing" },
      { label: "trainings", value: String(sum(journal.steps, ({ trainings }) => trainings)) },
      { label: "jobs", value: String(sum(journal.steps, ({ jobs }) => jobs.length)) },
      { label: "API requests", value: String(sum(journal.steps, ({ requests }) => requests)) },
    ],
    story: journal.steps.map(tell),
    pulls: pulls.filter((pull) => pull !== undefined),
    issues: front.issues.flatMap(({ number }) => readIssue(repo, number) ?? []),
    // the files stay on the sandbox, which is gone when somebody looks at this
    releases: releases
      .filter((release) => release !== undefined)
      .map((release) => ({ ...release, assets: release.assets.map((asset) => ({ ...asset, address: undefined })) })),
    runs: [],
  };
  return await renderPages(site, folder);
}

function sum(steps: readonly Step[], of: (step: Step) => number): number {
  return steps.reduce((total, step) => total + of(step), 0);
}

function tell(step: Step): StoryStep {
  const target: Target | undefined = step.pull === null ? undefined : { kind: "pull", number: step.pull };
  const count = (number: number, one: string): string =>
    `${number === 0 ? "no" : number} ${one}${number === 1 ? "" : "s"}`;
  const took = [
    step.trainings === 0 ? "no training" : count(step.trainings, "training"),
    count(step.jobs.length, "job"),
    `${count(step.requests, "API request")} (${count(step.writes, "write")})`,
  ];
  const counts = `In production: ${step.production ?? "nothing"}. It took ${took.join(", ")} and ${step.seconds.toFixed(1)} s.`;
  const said = step.because === null ? [] : [`${step.because.slice(0, 1).toUpperCase()}${step.because.slice(1)}.`];
  return {
    at: step.at,
    light: lightOf(step.verdict),
    label: step.verdict ?? "done",
    title: step.title,
    text: [...said, counts].join(" "),
    target,
  };
}

function lightOf(verdict: string | null): Light {
  if (verdict === null) return "plain";
  if (["pass", "return", "quiet", "not_affected", "settings"].includes(verdict)) return "good";
  return verdict === "fail" || verdict === "error" ? "bad" : "wait";
}
