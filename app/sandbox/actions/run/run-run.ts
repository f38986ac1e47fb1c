import { evaluateText } from "#sandbox/actions/expression/evaluate-template.ts";
import type { Problem } from "#sandbox/actions/workflow/workflow.ts";
import type { Cancellation } from "#sandbox/actions/queue/cancellation.ts";
import { claimGroup } from "#sandbox/actions/queue/claim-group.ts";
import type { ExecutorParts } from "./executor.ts";
import { githubContext } from "./github-context.ts";
import { loadTree } from "./load-tree.ts";
import type { WorkflowTree } from "./load-tree.ts";
import { runJobs } from "#sandbox/actions/job/run-jobs.ts";
import type { CalledWorkflow, Conclusion, RunRecord } from "./run-record.ts";
import type { RunRequest } from "./run-request.ts";
import { summarize } from "#sandbox/actions/job/results.ts";

/** Starts a run: its record at once, its end as a promise that never rejects. */
export function runRun(
  executor: ExecutorParts,
  request: RunRequest,
  cancellation: Cancellation,
): { record: RunRecord; done: Promise<void> } {
  const record = createRecord(executor.instant(), request);
  executor.runChanged(record);
  const begun = performance.now();
  const done = execute(executor, request, record, cancellation)
    .catch((error: unknown) => {
      record.problems = [problemOf(request.workflow, error)];
      return "startup_failure" as const;
    })
    .then((conclusion) => {
      record.status = "completed";
      record.conclusion = conclusion;
      record.seconds = (performance.now() - begun) / 1000;
      executor.runChanged(record);
    });
  return { record, done };
}

async function execute(
  executor: ExecutorParts,
  request: RunRequest,
  record: RunRecord,
  cancellation: Cancellation,
): Promise<Conclusion> {
  const reading = await loadTree(request.source, request.workflow, (repository, ref) =>
    executor.findSource(repository, ref),
  );
  if (reading.kind === "invalid") {
    record.problems = reading.problems;
    return "startup_failure";
  }
  const { tree } = reading;
  const { workflow } = tree;
  record.name = workflow.name;
  record.called = calledBy(tree);
  const github = githubContext(request, record, workflow.name, executor.platform);
  const inputs = withDefaults(tree, request, github);
  const scope = { contexts: { github, inputs, vars: request.vars } };
  record.title = evaluateText(workflow.runName, scope).trim() || request.title;
  const claim = await claimGroup(executor, workflow.concurrency, scope, {
    repository: request.repository.fullName,
    held: [],
    cancellation,
    waiting() {
      record.status = "pending";
      executor.runChanged(record);
    },
  });
  if (claim.kind === "cancelled") return "cancelled";
  try {
    record.status = "in_progress";
    record.startedAt = executor.instant();
    executor.runChanged(record);
    const { result } = summarize(
      (
        await runJobs({
          executor,
          request,
          run: record,
          tree,
          namePrefix: "",
          keyPrefix: "",
          github,
          inputs,
          secrets: request.fromFork ? {} : request.secrets,
          vars: request.vars,
          cancellation,
          held: claim.held,
          reuse: request.reuse,
        })
      ).values(),
    );
    return cancellation.level === "none" ? result : "cancelled";
  } finally {
    claim.release();
  }
}

/** Inputs of a dispatch, with the defaults of those that were not sent. */
function withDefaults(
  tree: WorkflowTree,
  request: RunRequest,
  github: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (request.event.name !== "workflow_dispatch") return {};
  const defaults = [...(tree.workflow.triggers.dispatch ?? [])].map(([name, input]): [string, unknown] => {
    const value = evaluateText(input.default, { contexts: { github, vars: request.vars } });
    if (input.type === "boolean") return [name, value === "true"];
    return [name, input.type === "number" && value !== "" ? Number(value) : value];
  });
  return { ...Object.fromEntries<unknown>(defaults), ...request.inputs };
}

/** Every workflow that is called, at any depth. */
function calledBy(tree: WorkflowTree): CalledWorkflow[] {
  const called = [...tree.calls.values()].flatMap((inner) => [
    {
      path: `${inner.source.repository}/${inner.workflow.path}@${inner.source.ref}`,
      sha: inner.source.sha,
      ref: inner.source.ref,
    },
    ...calledBy(inner),
  ]);
  return [...new Map(called.map((one) => [one.path, one])).values()];
}

/** A run as it begins. */
export function createRecord(
  now: string,
  request: Omit<RunRequest, "source" | "secrets" | "vars" | "environments" | "reuse" | "repository"> & {
    repository: { fullName: string };
  },
): RunRecord {
  return {
    id: request.id,
    repository: request.repository.fullName,
    workflow: request.workflow,
    name: request.workflow,
    title: request.title,
    event: request.event.name,
    headSha: request.headSha,
    headBranch: request.headBranch,
    headRepository: request.headRepository,
    sha: request.sha,
    ref: request.ref,
    runNumber: request.runNumber,
    attempt: request.attempt,
    actor: request.actor.login,
    triggeringActor: request.triggeringActor.login,
    pullRequests: request.pullRequests,
    status: "queued",
    conclusion: null,
    problems: [],
    called: [],
    createdAt: now,
    startedAt: now,
    updatedAt: now,
    seconds: 0,
  };
}

function problemOf(file: string, error: unknown): Problem {
  return { file, line: 1, column: 1, message: error instanceof Error ? error.message : String(error) };
}
