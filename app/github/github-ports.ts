import type { Ports } from "#core/ports.ts";
import type { ObjectMemory } from "./client/object-memory.ts";
import type { GitHub, Octokit, Writer } from "./client/octokit.ts";
import { loginOf } from "./client/own.ts";
import { githubBranches } from "./github-branches.ts";
import { githubBytes } from "./github-bytes.ts";
import { githubChecks } from "./conversation/github-checks.ts";
import { githubComments } from "./conversation/github-comments.ts";
import { githubDeployments } from "./github-deployments.ts";
import { githubEvidence } from "./github-evidence.ts";
import { githubIssues } from "./conversation/github-issues.ts";
import { githubPeople } from "./conversation/github-people.ts";
import { githubPulls } from "./conversation/github-pulls.ts";
import { githubReleases } from "./github-releases.ts";
import { githubRepository } from "./github-repository.ts";
import { githubTags } from "./github-tags.ts";
import { githubWorkflows } from "./github-workflows.ts";

export type GitHubPortsOptions = {
  /** of `createOctokit`, or Probot's `context.octokit` */
  octokit: Octokit;
  owner: string;
  repo: string;
  writer: Writer;
  now?: (() => Date) | undefined;
  /** saves a request where it is known, as in a webhook's payload */
  defaultBranch?: string | undefined;
  /** objects that were read before, in a process that makes ports again and again */
  memory?: ObjectMemory | undefined;
  /** the team's workflow file that calls the loop */
  workflow?: string | undefined;
};

/**
 * All ports on one repository of GitHub. Make them anew for every event and every job: what they have read once they
 * believe for their life.
 */
export function githubPorts(options: GitHubPortsOptions): Ports {
  const { octokit, owner, repo, writer, defaultBranch, memory } = options;
  const github: GitHub = { octokit, owner, repo };
  const repository = githubRepository(github, { defaultBranch, memory });
  return {
    repository,
    pulls: githubPulls(github),
    checks: githubChecks(github, writer),
    comments: githubComments(github, writer),
    issues: githubIssues(github, writer),
    evidence: githubEvidence(github, { blob: (sha) => repository.blob(sha) }),
    tags: githubTags(github, writer, memory),
    releases: githubReleases(github),
    bytes: githubBytes(github),
    deployments: githubDeployments(github),
    workflows: githubWorkflows(github, {
      path: options.workflow ?? ".github/workflows/trainyard.yml",
      saysByJob: writer.kind === "actions",
      actor: loginOf(writer),
      defaultBranch: async () => defaultBranch ?? (await repository.defaultBranch()).name,
    }),
    people: githubPeople(github),
    branches: githubBranches(github),
    now: options.now ?? (() => new Date()),
  };
}
