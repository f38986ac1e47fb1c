import { evaluateCondition } from "#sandbox/actions/expression/evaluate.ts";
import type { Scope } from "#sandbox/actions/expression/evaluate.ts";
import { evaluateFlag, evaluateNumber, evaluateTemplate } from "#sandbox/actions/expression/evaluate-template.ts";
import { get } from "#sandbox/actions/workflow/template-access.ts";
import type { Job } from "#sandbox/actions/workflow/workflow.ts";
import { recordEnd } from "./job-record.ts";
import { expandMatrix } from "./matrix.ts";
import { runCall } from "./run-call.ts";
import { runLeaf } from "./run-leaf.ts";
import type { RunLevel } from "#sandbox/actions/run/run-level.ts";
import type { JobResult } from "#sandbox/actions/run/run-record.ts";
import { createSlots } from "#sandbox/actions/queue/slots.ts";
import { showResults, summarize } from "./results.ts";

/** Runs the jobs of a workflow, each when its needs are there. Never rejects. */
export async function runJobs(level: RunLevel): Promise<Map<string, JobResult>> {
  const ends = new Map<string, Promise<JobResult>>();
  const results = new Map<string, JobResult>();
  const start = (job: Job): Promise<JobResult> => {
    const known = ends.get(job.id);
    if (known !== undefined) return known;
    const needed = job.needs.flatMap((id) => {
      const need = level.tree.workflow.jobs.get(id);
      return need === undefined ? [] : [start(need)];
    });
    const end = Promise.all(needed)
      .then(() => runJobOf(level, job, results))
      .then((result) => {
        results.set(job.id, result);
        return result;
      });
    ends.set(job.id, end);
    return end;
  };
  await Promise.all([...level.tree.workflow.jobs.values()].map(start));
  return results;
}

async function runJobOf(level: RunLevel, job: Job, results: ReadonlyMap<string, JobResult>): Promise<JobResult> {
  const { github, inputs, vars } = level;
  const needs = showResults(new Map([...results].filter(([id]) => job.needs.includes(id))));
  const contexts = { github, inputs, vars, needs };
  const ancestors = ancestorsOf(job, level);
  const isCancelled = (): boolean => level.cancellation.level !== "none";
  const resultsOf = (names: readonly string[]): JobResult["result"][] =>
    (names.length > 0 ? names : ancestors).map((id) => results.get(id)?.result ?? "skipped");
  const scope: Scope = {
    contexts,
    status: {
      // A job that was skipped anywhere before counts as no success, also behind an `always()`.
      success: (names) => !isCancelled() && resultsOf(names).every((result) => result === "success"),
      failure: (names) => !isCancelled() && resultsOf(names).includes("failure"),
      cancelled: isCancelled,
    },
  };
  try {
    if (level.cancellation.level === "force" || !evaluateCondition(job.if, scope)) {
      return recordEnd(level, job, isCancelled() ? "cancelled" : "skipped");
    }
    // A job that waits or runs is asked again when the run is cancelled.
    const accepts = (): boolean => !evaluateCondition(job.if, scope);
    const again = ancestors.some((id) => results.get(id)?.fresh);
    return await spread(again ? { ...level, reuse: new Map() } : level, job, contexts, accepts);
  } catch (error) {
    return recordEnd(level, job, "failure", error);
  }
}

/** Runs the job once, or once for every combination of its matrix. */
async function spread(
  level: RunLevel,
  job: Job,
  contexts: Record<string, unknown>,
  accepts: () => boolean,
): Promise<JobResult> {
  const scope = { contexts };
  const matrix = get(job.strategy, "matrix");
  const cancellation = level.cancellation.child(accepts);
  const failFastTemplate = get(job.strategy, "fail-fast");
  const failFast = failFastTemplate === undefined || evaluateFlag(failFastTemplate, scope);
  const maxParallel = evaluateNumber(get(job.strategy, "max-parallel"), scope);
  const combinations = matrix === undefined ? [undefined] : expandMatrix(evaluateTemplate(matrix, scope));
  const slots = createSlots(maxParallel ?? combinations.length);
  const results: JobResult[] = [];
  await Promise.all(
    combinations.map(async (combination, index) => {
      const slot = await slots.enter();
      const instance = {
        level,
        keySuffix: combination === undefined ? "" : `#${index + 1}`,
        contexts: {
          ...contexts,
          matrix: combination ?? null,
          strategy: {
            "fail-fast": failFast,
            "job-index": index,
            "job-total": combinations.length,
            "max-parallel": maxParallel ?? combinations.length,
          },
        },
        cancellation: cancellation.child(),
        reuse: level.reuse,
      };
      const result =
        job.kind === "call" ? await runCall({ ...instance, job }, runJobs) : await runLeaf({ ...instance, job });
      results.push(result);
      slot.leave();
      if (combination !== undefined && failFast && result.result === "failure") {
        cancellation.request("cancel", "The strategy configuration was canceled because another job failed");
      }
    }),
  );
  return summarize(results);
}

function ancestorsOf(job: Job, level: RunLevel): string[] {
  const found = new Set<string>();
  const visit = (one: Job | undefined): void => {
    for (const id of one?.needs ?? []) {
      if (found.has(id)) continue;
      found.add(id);
      visit(level.tree.workflow.jobs.get(id));
    }
  };
  visit(job);
  return [...found];
}
