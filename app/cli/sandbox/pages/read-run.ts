import { jobsOf, runsOf, type StoredJob, type StoredRun } from "#sandbox/actions/link/run-store.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import type { Conclusion, JobPage, RunPage, RunRow } from "#web/pages.ts";

/** Every run, the newest first. */
export function readRunRows(repo: Repo): readonly RunRow[] {
  return runsOf(repo).map(readRow).toReversed();
}

/** A run with the jobs of its newest attempt. */
export function readRun(repo: Repo, id: number): RunPage | undefined {
  const run = repo.store<StoredRun>("workflow-runs").get(id);
  if (run === undefined) return undefined;
  return {
    ...readRow(run),
    number: run.runNumber,
    attempt: run.attempt,
    sha: run.headSha,
    actor: run.actor,
    pulls: run.pullRequests,
    problems: run.problems.map(({ message }) => message),
    jobs: jobsOf(repo, id)
      .filter(({ attempt }) => attempt === run.attempt)
      .map(readJob),
  };
}

function readRow(run: StoredRun): RunRow {
  const { id, title, name, event, headBranch, ref, createdAt } = run;
  const branch = headBranch ?? ref.replace(/^refs\/(?:heads|tags)\//, "");
  return { id, title, workflow: name, event, branch, conclusion: conclusionOf(run), at: createdAt };
}

function readJob(job: StoredJob): JobPage {
  return {
    id: job.id,
    name: job.name,
    conclusion: conclusionOf(job),
    at: job.startedAt ?? job.createdAt,
    seconds: job.status === "completed" && job.conclusion !== "skipped" ? job.seconds : undefined,
    steps: job.steps.map((step) => ({
      number: step.number,
      name: step.name,
      conclusion: conclusionOf(step),
      seconds:
        step.startedAt === null || step.completedAt === null
          ? undefined
          : (Date.parse(step.completedAt) - Date.parse(step.startedAt)) / 1000,
    })),
    annotations: job.annotations.map(({ level, message, title }) => ({
      level,
      message: title === null ? message : `${title}: ${message}`,
    })),
    summary: job.summary,
  };
}

type Stands = Pick<StoredRun, "status" | "conclusion">;

function conclusionOf({ status, conclusion }: Stands): Conclusion {
  if (status !== "completed") return status === "pending" ? "queued" : status;
  return conclusion === "startup_failure" ? "failure" : (conclusion ?? "neutral");
}
