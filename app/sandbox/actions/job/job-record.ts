import { evaluateText } from "#sandbox/actions/expression/evaluate-template.ts";
import { text } from "#sandbox/actions/workflow/template-access.ts";
import type { Job } from "#sandbox/actions/workflow/workflow.ts";
import { nameOf } from "./matrix.ts";
import type { RunLevel } from "#sandbox/actions/run/run-level.ts";
import type { JobRecord, JobResult } from "#sandbox/actions/run/run-record.ts";

/** A fresh record of a job, queued; told to the platform. */
export function recordJob(
  level: RunLevel,
  job: Job,
  more: { name: string; keySuffix: string; labels: readonly string[] },
): JobRecord {
  const { executor, run } = level;
  const record: JobRecord = {
    id: executor.platform.nextId(),
    run: run.id,
    attempt: run.attempt,
    key: `${level.keyPrefix}${job.id}${more.keySuffix}`,
    name: `${level.namePrefix}${more.name}`,
    status: "queued",
    conclusion: null,
    labels: more.labels,
    runner: null,
    environment: null,
    steps: [],
    annotations: [],
    summary: "",
    outputs: {},
    createdAt: executor.instant(),
    startedAt: null,
    completedAt: null,
    seconds: 0,
  };
  executor.jobChanged(run, record);
  return record;
}

/** What failed outside of any step is said beside the job. */
export function addAnnotation(record: JobRecord, message: string): void {
  record.annotations.push({ level: "failure", message, title: null, path: null, line: null });
}

/** Takes a job over from the attempt before. */
export function reuseJob(level: RunLevel, before: JobRecord): JobResult {
  const { executor, run } = level;
  const record = { ...before, id: executor.platform.nextId(), run: run.id, attempt: run.attempt };
  executor.jobChanged(run, record);
  return { result: "success", outputs: before.outputs, fresh: false };
}

/** Ends a record. */
export function conclude(level: RunLevel, record: JobRecord, result: JobResult["result"]): void {
  record.status = "completed";
  record.conclusion = result;
  record.completedAt = level.executor.instant();
  record.startedAt ??= record.completedAt;
  level.executor.jobChanged(level.run, record);
}

/** Records a job that never ran: skipped, cancelled, or failed before it could start. */
export function recordEnd(level: RunLevel, job: Job, result: JobResult["result"], error?: unknown): JobResult {
  const record = recordJob(level, job, { name: text(job.name) ?? job.id, keySuffix: "", labels: [] });
  if (error !== undefined) addAnnotation(record, error instanceof Error ? error.message : "it could not be started");
  conclude(level, record, result);
  return { result, outputs: {}, fresh: error !== undefined };
}

/** The name GitHub shows: as written, with the values of the matrix unless the name holds them itself. */
export function jobName(job: Job, contexts: Readonly<Record<string, unknown>>): string {
  const written = evaluateText(job.name, { contexts }) || job.id;
  const matrix = contexts["matrix"];
  const namesMatrix = job.name?.kind === "expression" && /\bmatrix\b/i.test(job.name.source);
  if (typeof matrix !== "object" || matrix === null || namesMatrix) return written;
  return `${written} (${nameOf({ ...matrix })})`;
}
