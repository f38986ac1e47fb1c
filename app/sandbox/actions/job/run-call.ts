import {
  coerceText,
  evaluateTemplate,
  evaluateText,
  evaluateTexts,
} from "#sandbox/actions/expression/evaluate-template.ts";
import type { Scope } from "#sandbox/actions/expression/evaluate.ts";
import type { CallInterface, Job } from "#sandbox/actions/workflow/workflow.ts";
import { claimGroup } from "#sandbox/actions/queue/claim-group.ts";
import { jobName, recordEnd } from "./job-record.ts";
import type { JobInstance } from "./job-task.ts";
import type { RunLevel } from "#sandbox/actions/run/run-level.ts";
import type { JobResult } from "#sandbox/actions/run/run-record.ts";
import { showResults, summarize } from "./results.ts";

type RunJobs = (level: RunLevel) => Promise<Map<string, JobResult>>;
type CallJob = Extract<Job, { kind: "call" }>;

/** Runs a job that calls a workflow: its jobs are part of the same run, one level further in. Never rejects. */
export async function runCall(instance: JobInstance<CallJob>, runJobs: RunJobs): Promise<JobResult> {
  try {
    return await run(instance, runJobs);
  } catch (error) {
    return recordEnd(instance.level, instance.job, "failure", error);
  }
}

async function run(instance: JobInstance<CallJob>, runJobs: RunJobs): Promise<JobResult> {
  const { level, job, contexts, cancellation } = instance;
  const tree = level.tree.calls.get(job.id);
  const call = tree?.workflow.triggers.call;
  if (tree === undefined || call === undefined) throw new Error(`"${job.uses}" was not loaded`);
  const { github, vars } = level;
  const inputs = callInputs(job, call, { contexts }, { contexts: { github, vars } });
  const claimant = {
    repository: level.request.repository.fullName,
    cancellation,
    waiting() {},
  };
  const own = await claimGroup(level.executor, job.concurrency, { contexts }, { ...claimant, held: level.held });
  if (own.kind === "cancelled") return recordEnd(level, job, "cancelled");
  try {
    const scope = { contexts: { github, vars, inputs } };
    const inner = await claimGroup(level.executor, tree.workflow.concurrency, scope, {
      ...claimant,
      held: own.held,
    });
    if (inner.kind === "cancelled") return recordEnd(level, job, "cancelled");
    try {
      const results = await runJobs({
        ...level,
        tree,
        namePrefix: `${level.namePrefix}${jobName(job, contexts)} / `,
        keyPrefix: `${level.keyPrefix}${job.id}${instance.keySuffix}/`,
        inputs,
        secrets: callSecrets(job, level, contexts),
        cancellation,
        held: inner.held,
        reuse: instance.reuse,
      });
      const jobs = showResults(results);
      const outputs = [...call.outputs].map(
        ([name, value]) => [name, evaluateText(value, { contexts: { github, vars, inputs, jobs } })] as const,
      );
      return { ...summarize(results.values()), outputs: Object.fromEntries(outputs) };
    } finally {
      inner.release();
    }
  } finally {
    own.release();
  }
}

/** Evaluates `with:` in the caller and defaults in the callee, each to its declared type. */
function callInputs(job: CallJob, call: CallInterface, caller: Scope, callee: Scope): Record<string, unknown> {
  const given = new Map(job.with?.kind === "map" ? job.with.entries.map((entry) => [entry.key, entry.value]) : []);
  return Object.fromEntries(
    [...call.inputs].map(([name, input]) => {
      const written = given.get(name);
      const value = written === undefined ? evaluateTemplate(input.default, callee) : evaluateTemplate(written, caller);
      return [name, toType(name, input.type, value, written?.kind === "expression")];
    }),
  );
}

function toType(name: string, type: string, value: unknown, strictly: boolean): unknown {
  const missing = value === undefined || value === null || value === "";
  if (type === "boolean") {
    if (typeof value === "boolean") return value;
    if (missing) return false;
    if (!strictly) return value === "true";
  } else if (type === "number") {
    if (typeof value === "number") return value;
    if (missing) return 0;
    if (!strictly) return Number(value);
  } else {
    if (missing) return "";
    if (typeof value !== "object") return coerceText(value);
  }
  throw new Error(`The input "${name}" of the called workflow must be a ${type}, it is ${JSON.stringify(value)}`);
}

function callSecrets(job: CallJob, level: RunLevel, contexts: Record<string, unknown>): Record<string, string> {
  if (job.secrets === "inherit") return { ...level.secrets };
  return evaluateTexts(job.secrets, { contexts: { ...contexts, secrets: level.secrets } });
}
