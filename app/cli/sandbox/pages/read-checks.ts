import { jobsOf, runsOf, type StoredJob } from "#sandbox/actions/link/run-store.ts";
import type { CheckRunRecord } from "#sandbox/forge/checks/check-run.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import { contextsOfCommit } from "#sandbox/forge/deployments/contexts-of-commit.ts";
import { missingChecks } from "#sandbox/forge/pulls/missing-checks.ts";
import type { Pull } from "#sandbox/forge/pulls/pull.ts";
import { latestStatuses } from "#sandbox/forge/statuses/status-record.ts";
import type { CheckLine, Conclusion, Happening, PullPage } from "#web/pages.ts";

/** The checks and statuses of a pull request's head, the newest of each name. */
export function readChecks(repo: Repo, { pull }: Pull): readonly CheckLine[] {
  const required = new Set(repo.record.required_checks?.[pull.base.ref]);
  const jobs = jobsByCheck(repo, pull.head.sha);
  const newest = new Map(checksOf(repo, [pull.head.sha]).map((check) => [check.name, check]));
  const checks = [...newest.values()].map((check): CheckLine => {
    const job = jobs.get(check.id);
    return {
      name: check.name,
      conclusion: conclusionOf(check),
      title: check.output.title ?? "",
      required: required.has(check.name),
      target: job === undefined ? undefined : { kind: "job", run: job.run, job: job.id },
    };
  });
  const states = { error: "failure", failure: "failure", pending: "in_progress", success: "success" } as const;
  const statuses = latestStatuses(repo, pull.head.sha).map(({ context, state, description }): CheckLine => ({
    name: context,
    conclusion: states[state],
    title: description ?? "",
    required: required.has(context),
    target: undefined,
  }));
  return [...checks, ...statuses];
}

/** What checks said of these commits; jobs of workflows say nothing, they have pages. */
export function readSaidChecks(repo: Repo, commits: readonly string[]): Happening[] {
  const jobs = new Set(commits.flatMap((sha) => [...jobsByCheck(repo, sha).keys()]));
  return checksOf(repo, commits).flatMap((check) =>
    jobs.has(check.id)
      ? []
      : [
          {
            kind: "check" as const,
            at: check.completed_at ?? check.started_at ?? "",
            name: check.name,
            conclusion: conclusionOf(check),
            title: check.output.title ?? "",
            summary: check.output.summary ?? "",
          },
        ],
  );
}

/** Whether a pull request can be merged, in GitHub's words; undefined once it is closed. */
export function readMerging(repo: Repo, { issue, pull }: Pull): PullPage["merging"] {
  if (issue.state !== "open") return undefined;
  if (pull.draft) return { light: "wait", text: "It is a draft: nothing is merged before it is ready for review." };
  if (pull.mergeable === null) return { light: "wait", text: "Whether it can be merged is not known yet." };
  if (!pull.mergeable) return { light: "bad", text: `It conflicts with ${pull.base.ref} and cannot be merged.` };
  const missing = missingChecks(repo, pull.base.ref, pull.head.sha);
  if (missing.length > 0)
    return { light: "bad", text: `It cannot be merged before these checks succeed: ${missing.join(", ")}.` };
  const contexts = contextsOfCommit(repo, pull.head.sha);
  const failed = contexts.filter(({ state }) => state === "failure").map(({ context }) => context);
  if (failed.length > 0)
    return { light: "bad", text: `It can be merged, but did not succeed in: ${failed.join(", ")}.` };
  const pending = contexts.filter(({ state }) => state === "pending").length;
  if (pending > 0)
    return {
      light: "wait",
      text: `It can be merged; ${pending === 1 ? "a check has" : `${pending} checks have`} not ended yet.`,
    };
  return { light: "good", text: "It can be merged: no conflict, and no check against it." };
}

function checksOf(repo: Repo, commits: readonly string[]): CheckRunRecord[] {
  return repo
    .store<CheckRunRecord>("check-runs")
    .list()
    .filter(({ head_sha }) => commits.includes(head_sha));
}

function jobsByCheck(repo: Repo, sha: string): ReadonlyMap<number, StoredJob> {
  const jobs = runsOf(repo)
    .filter((run) => run.headSha === sha)
    .flatMap((run) => jobsOf(repo, run.id));
  return new Map(jobs.flatMap((job) => (job.checkRun === null ? [] : [[job.checkRun, job] as const])));
}

function conclusionOf({ status, conclusion }: CheckRunRecord): Conclusion {
  if (status === "completed") return conclusion ?? "neutral";
  return status === "in_progress" || status === "queued" || status === "waiting" ? status : "queued";
}
