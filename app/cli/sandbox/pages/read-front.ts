import type { Forge, Repo } from "#sandbox/forge/contract.ts";
import type { Front } from "#web/pages.ts";
import { readIssueRows } from "./read-issue.ts";
import { readPullRows } from "./read-pull.ts";
import { readReleaseRows } from "./read-release.ts";
import { readRunRows } from "./read-run.ts";
import { readStages } from "./read-stages.ts";

const mostRuns = 25;

/** Everything of a repository that its front page shows, as it is now. */
export async function readFront(forge: Forge, repo: Repo): Promise<Front> {
  const { default_branch: branch, description } = repo.record;
  const stages = await readStages(repo);
  const head = await repo.git.branch(branch);
  const runs = readRunRows(repo);
  const clone = `Clone it: git clone ${forge.urls.server}/${repo.fullName}.git`;
  return {
    title: repo.fullName,
    lead: [description, clone].filter((part) => part !== null && part !== "").join(". "),
    facts: [
      { label: "default branch", value: branch },
      { label: "its head", value: head?.slice(0, 7) ?? "nothing yet" },
      { label: "runs so far", value: String(runs.length) },
    ],
    story: [],
    stages,
    pulls: readPullRows(repo),
    issues: readIssueRows(repo),
    releases: readReleaseRows(repo, stages),
    runs: runs.slice(0, mostRuns),
  };
}
