import {
  evaluateFlag,
  evaluateNumber,
  evaluateTemplate,
  evaluateText,
} from "#sandbox/actions/expression/evaluate-template.ts";
import { get } from "#sandbox/actions/workflow/template-access.ts";
import { claimGroup } from "#sandbox/actions/queue/claim-group.ts";
import { conclude, jobName, recordEnd, recordJob, reuseJob } from "./job-record.ts";
import type { JobInstance, StepsJob } from "./job-task.ts";
import { labelsOf } from "./labels-of.ts";
import { runJob } from "./run-job.ts";
import type { RunLevel } from "#sandbox/actions/run/run-level.ts";
import type { JobRecord, JobResult } from "#sandbox/actions/run/run-record.ts";

const defaultTimeoutMinutes = 360;

/** Runs one job with steps, once it has its concurrency group and a free runner. Never rejects. */
export async function runLeaf(instance: JobInstance<StepsJob>): Promise<JobResult> {
  try {
    return await run(instance);
  } catch (error) {
    return recordEnd(instance.level, instance.job, "failure", error);
  }
}

async function run(instance: JobInstance<StepsJob>): Promise<JobResult> {
  const { level, job, cancellation, keySuffix } = instance;
  const { executor, request } = level;
  const reused = instance.reuse.get(`${level.keyPrefix}${job.id}${keySuffix}`);
  if (reused !== undefined) return reuseJob(level, reused);
  const environmentName = evaluateText(
    job.environment?.kind === "map" ? get(job.environment, "name") : job.environment,
    { contexts: instance.contexts },
  );
  const environment = request.environments[environmentName];
  const contexts = {
    ...instance.contexts,
    vars: { ...level.vars, ...environment?.vars },
  };
  const scope = { contexts };
  const record = recordJob(level, job, {
    name: jobName(job, contexts),
    keySuffix,
    labels: labelsOf(evaluateTemplate(job.runsOn, scope)),
  });
  if (environmentName !== "") {
    const written = get(job.environment, "deployment");
    const deployment = written === undefined || evaluateFlag(written, scope);
    record.environment = { name: environmentName, url: null, deployment };
  }
  const minutes = evaluateNumber(job.timeoutMinutes, scope) ?? defaultTimeoutMinutes;
  const keepsGoing = evaluateFlag(job.continueOnError, scope);
  const cancelled = (): JobResult => {
    annotate(record, cancellation.reason);
    conclude(level, record, "cancelled");
    return { result: "cancelled", outputs: {}, fresh: true };
  };
  if (record.environment !== null && !(await mayDeploy(instance, record))) {
    if (cancellation.level !== "none") return cancelled();
    return refuse(level, record, `The deployment to "${environmentName}" was rejected`);
  }
  const claim = await claimGroup(executor, job.concurrency, scope, {
    repository: request.repository.fullName,
    held: level.held,
    cancellation,
    waiting() {
      record.status = "pending";
      executor.jobChanged(level.run, record);
    },
  });
  if (claim.kind === "cancelled") return cancelled();
  try {
    const leave = await enterUnlessCancelled(instance);
    if (leave === undefined) return cancelled();
    try {
      const result = await runJob({
        level: { ...level, secrets: { ...level.secrets, ...environment?.secrets } },
        job,
        record,
        contexts,
        permissions: level.tree.permissions.get(job.id) ?? {},
        cancellation,
        timeoutMs: minutes * 60_000,
      });
      conclude(level, record, result);
      return {
        result: result === "failure" && keepsGoing ? "success" : result,
        outputs: record.outputs,
        fresh: true,
      };
    } finally {
      leave();
    }
  } finally {
    claim.release();
  }
}

async function mayDeploy({ level, cancellation }: JobInstance, record: JobRecord): Promise<boolean> {
  const { executor, request, run } = level;
  const allowed = await executor.platform.mayDeploy?.(request, record, cancellation, () => {
    record.status = "waiting";
    run.status = "waiting";
    executor.jobChanged(run, record);
    executor.runChanged(run);
  });
  if (record.status === "waiting") {
    record.status = "queued";
    run.status = "in_progress";
  }
  return allowed ?? true;
}

function annotate(record: JobRecord, message: string): void {
  record.annotations.push({ level: "failure", message, title: null, path: null, line: null });
}

function refuse(level: RunLevel, record: JobRecord, message: string): JobResult {
  annotate(record, message);
  conclude(level, record, "failure");
  return { result: "failure", outputs: {}, fresh: true };
}

/** Waits for a free runner; undefined when the job was cancelled meanwhile. */
async function enterUnlessCancelled({ level, cancellation }: JobInstance): Promise<(() => void) | undefined> {
  const entering = level.executor.slots.enter();
  let deaf: (() => void) | undefined;
  const ended = new Promise<undefined>((resolve) => {
    deaf = cancellation.listen(() => resolve(undefined));
  });
  const leave = await Promise.race([ended, entering]);
  deaf?.();
  if (leave === undefined) void entering.then((free) => free());
  return leave;
}
