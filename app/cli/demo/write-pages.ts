import type {
  Conclusion,
  Happening,
  IssuePage,
  Light,
  PullPage,
  ReleasePage,
  Site,
  StoryStep,
  Target,
} from "#web/pages.ts";
import { renderPages } from "#web/render-pages.ts";
import type { Journal, Step } from "./journal.ts";
import { name, owner, type Shop } from "./shop.ts";

const here = { owner, repo: name };

/** Reads the demo's repository through its API and writes it down as pages; answers the path of the first one. */
export async function writePages(shop: Shop, journal: Journal, folder: string): Promise<string> {
  const { data: listed } = await shop.octokit.rest.issues.listForRepo({
    ...here,
    state: "all",
    sort: "created",
    direction: "asc",
    per_page: 100,
  });
  const pulls: PullPage[] = [];
  const issues: IssuePage[] = [];
  for (const issue of listed) {
    // oxlint-disable-next-line no-await-in-loop -- a dozen at most
    if (issue.pull_request === undefined) issues.push(await readIssue(shop, issue));
    // oxlint-disable-next-line no-await-in-loop -- see above
    else pulls.push(await readPull(shop, issue.number));
  }
  const last = journal.steps.at(-1);
  const site: Site = {
    title: "The groceries shop",
    lead: "The whole life of one model, as it was just played on this machine: every number was computed then and there.",
    facts: [
      { label: "in production", value: last?.production ?? "nothing" },
      { label: "trainings", value: String(sum(journal.steps, ({ trainings }) => trainings)) },
      { label: "jobs", value: String(sum(journal.steps, ({ jobs }) => jobs.length)) },
      { label: "API requests", value: String(sum(journal.steps, ({ requests }) => requests)) },
    ],
    story: journal.steps.map(tell),
    pulls,
    issues,
    releases: await readReleases(shop, last?.production ?? undefined),
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

async function readPull(shop: Shop, number: number): Promise<PullPage> {
  const { rest } = shop.octokit;
  const { data: pull } = await rest.pulls.get({ ...here, pull_number: number });
  const { data: commits } = await rest.pulls.listCommits({ ...here, pull_number: number });
  const happenings: Happening[] = await readComments(shop, number);
  for (const { sha, commit } of commits) {
    happenings.push({
      kind: "commit",
      at: commit.committer?.date ?? pull.created_at,
      sha,
      message: commit.message.split("\n", 1)[0] ?? "",
      author: commit.author?.name ?? "",
    });
  }
  const { data: checks } = await rest.checks.listForRef({ ...here, ref: pull.head.sha, check_name: "trainyard" });
  for (const check of checks.check_runs) {
    happenings.push({
      kind: "check",
      at: check.completed_at ?? check.started_at ?? pull.created_at,
      name: check.name,
      conclusion: readConclusion(check.conclusion),
      title: check.output.title ?? "",
      summary: check.output.summary ?? "",
    });
  }
  if (pull.merged_at !== null)
    happenings.push({
      kind: "note",
      at: pull.merged_at,
      light: "good",
      text: `merged by ${pull.merged_by?.login ?? "somebody"}`,
    });
  else if (pull.closed_at !== null)
    happenings.push({ kind: "note", at: pull.closed_at, light: "plain", text: "closed without a merge" });
  return {
    number,
    title: pull.title,
    author: pull.user.login,
    state: pull.merged_at === null ? (pull.state === "open" ? "open" : "closed") : "merged",
    head: pull.head.ref,
    base: pull.base.ref,
    at: pull.created_at,
    body: pull.body ?? "",
    happenings: byTime(happenings),
  };
}

function readConclusion(conclusion: string | null): Conclusion {
  if (
    conclusion === "success" ||
    conclusion === "failure" ||
    conclusion === "action_required" ||
    conclusion === "neutral"
  )
    return conclusion;
  return "in_progress";
}

async function readIssue(
  shop: Shop,
  issue: {
    number: number;
    title: string;
    state: string;
    body?: string | null | undefined;
    created_at: string;
    closed_at: string | null;
    user: { login: string } | null;
    labels: readonly (string | { name?: string | undefined })[];
  },
): Promise<IssuePage> {
  const happenings = await readComments(shop, issue.number);
  if (issue.closed_at !== null) happenings.push({ kind: "note", at: issue.closed_at, light: "good", text: "closed" });
  return {
    number: issue.number,
    title: issue.title,
    author: issue.user?.login ?? "",
    state: issue.state === "open" ? "open" : "closed",
    labels: issue.labels.map((label) => (typeof label === "string" ? label : (label.name ?? ""))),
    at: issue.created_at,
    body: issue.body ?? "",
    happenings: byTime(happenings),
  };
}

async function readComments(shop: Shop, number: number): Promise<Happening[]> {
  const { data } = await shop.octokit.rest.issues.listComments({ ...here, issue_number: number });
  return data.map((comment) => ({
    kind: "comment",
    at: comment.created_at,
    author: comment.user?.login ?? "",
    body: comment.body ?? "",
  }));
}

const byTime = (happenings: readonly Happening[]): Happening[] =>
  happenings.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

async function readReleases(shop: Shop, production: string | undefined): Promise<readonly ReleasePage[]> {
  const { data } = await shop.octokit.rest.repos.listReleases(here);
  return data.map((release) => ({
    tag: release.tag_name,
    title: release.name ?? release.tag_name,
    at: release.published_at ?? release.created_at,
    commit: release.target_commitish,
    body: release.body ?? "",
    stages: release.tag_name.endsWith(`@${production ?? ""}`) ? ["production"] : [],
    assets: release.assets.map((asset) => ({
      name: asset.name,
      size: asset.size,
      sha256: /^sha256:([0-9a-f]{64})$/.exec(String(asset.digest ?? ""))?.[1],
    })),
  }));
}
