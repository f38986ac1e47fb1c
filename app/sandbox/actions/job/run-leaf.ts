import {
  evaluateFlag,
  evaluateNumber,
  evaluateTemplate,
  evaluateText,
} from "#sandbox/actions/expression/evaluate-template.ts";
import type { Scope } from "#sandbox/actions/expression/evaluate.ts";
import { claimGroup } from "#sandbox/actions/queue/claim-group.ts";
import type { Slot } from "#sandbox/actions/queue/slots.ts";
import type { JobRecord, JobResult } from "#sandbox/actions/run/run-record.ts";
import { get } from "#sandbox/actions/workflow/template-access.ts";
import { capAtRead } from "#sandbox/actions/workflow/permissions.ts";
import { addAnnotation, conclude, jobName, recordEnd, recordJob, reuseJob } from "./job-record.ts";
import type { JobInstance, StepsJob } from "./job-task.ts";
import { labelsOf } from "./labels-of.ts";
import { runJob } from "./run-job.ts";

const defaultTimeoutMinutes = 360;

type Prepared = { record: JobRecord; scope: Scope; environment: string };

/** Runs one job with steps, once it has its concurrency group and a free runner. Never rejects. */
export async function runLeaf(instance: JobInstance<StepsJob>): Promise<JobResult> {
  const { level, job, cancellation } = instance;
  const reused = instance.reuse.get(`${level.keyPrefix}${job.id}${instance.keySuffix}`);
  if (reused !== undefined) return reuseJob(level, reused);
  let prepared: Prepared;
  try {
    prepared = prepare(instance);
  } catch (error) {
    return recordEnd(level, job, "failure", error);
  }
  const { record, scope } = prepared;
  let result: JobResult["result"];
  let keepsGoing = false;
  try {
    keepsGoing = evaluateFlag(job.continueOnError, scope);
    result = await run(instance, prepared);
    if (result === "cancelled" && record.startedAt === null) addAnnotation(record, cancellation.reason);
  } catch (error) {
    addAnnotation(record, error instanceof Error ? error.message : String(error));
    result = "failure";
  }
  conclude(level, record, result);
  const shown = result === "failure" && keepsGoing ? "success" : result;
  return { result: shown, outputs: record.outputs, fresh: true };
}

function prepare({ level, job, keySuffix, contexts: outer }: JobInstance<StepsJob>): Prepared {
  const written = job.environment;
  const environment = evaluateText(written?.kind === "map" ? get(written, "name") : written, { contexts: outer });
  const contexts = { ...outer, vars: { ...level.vars, ...level.request.environments[environment]?.vars } };
  const scope = { contexts };
  const record = recordJob(level, job, {
    name: jobName(job, contexts),
    keySuffix,
    labels: labelsOf(evaluateTemplate(job.runsOn, scope)),
  });
  if (environment !== "") {
    const deployment = get(written, "deployment");
    record.environment = {
      name: environment,
      url: null,
      deployment: deployment === undefined || evaluateFlag(deployment, scope),
    };
  }
  return { record, scope, environment };
}

async function run(instance: JobInstance<StepsJob>, prepared: Prepared): Promise<JobResult["result"]> {
  const { level, job, cancellation } = instance;
  const { executor, request } = level;
  const { record, scope, environment } = prepared;
  const minutes = evaluateNumber(job.timeoutMinutes, scope) ?? defaultTimeoutMinutes;
  if (record.environment !== null && !(await mayDeploy(instance, record))) {
    if (cancellation.level !== "none") return "cancelled";
    throw new Error(`The deployment to "${environment}" was rejected`);
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
  if (claim.kind === "cancelled") return "cancelled";
  try {
    const slot = await enterUnlessCancelled(instance);
    if (slot === undefined) return "cancelled";
    try {
      const granted = level.tree.permissions.get(job.id) ?? {};
      return await runJob({
        level: { ...level, secrets: { ...level.secrets, ...request.environments[environment]?.secrets } },
        job,
        record,
        contexts: { ...scope.contexts },
        permissions: request.fromFork ? capAtRead(granted) : granted,
        cancellation,
        timeoutMs: minutes * 60_000,
        runner: slot.number,
      });
    } finally {
      slot.leave();
    }
  } finally {
    claim.release();
  }
}

async function mayDeploy({ level, cancellation }: JobInstance, record: JobRecord): Promise<boolean> {
  const { executor, request, run: runRecord } = level;
  const allowed = await executor.platform.mayDeploy?.(request, record, cancellation, () => {
    record.status = "waiting";
    runRecord.status = "waiting";
    executor.jobChanged(runRecord, record);
    executor.runChanged(runRecord);
  });
  if (record.status === "waiting") {
    record.status = "queued";
    runRecord.status = "in_progress";
  }
  return allowed ?? true;
}

/** Waits for a free runner; undefined when the job was cancelled meanwhile. */
async function enterUnlessCancelled({ level, cancellation }: JobInstance): Promise<Slot | undefined> {
  const entering = level.executor.slots.enter();
  let deaf: (() => void) | undefined;
  const ended = new Promise<undefined>((resolve) => {
    deaf = cancellation.listen(() => resolve(undefined));
  });
  const slot = await Promise.race([ended, entering]);
  deaf?.();
  if (slot === undefined) void entering.then((free) => free.leave());
  return slot;
}
