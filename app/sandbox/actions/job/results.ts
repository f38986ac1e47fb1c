import type { JobResult } from "#sandbox/actions/run/run-record.ts";

/** Several results as one: the worst counts, skipped only if all are; outputs merged, what is empty hides nothing. */
export function summarize(results: Iterable<JobResult>): JobResult {
  const all = [...results];
  const has = (result: JobResult["result"]): boolean => all.some((one) => one.result === result);
  const outputs: Record<string, string> = {};
  for (const one of all) {
    for (const [name, value] of Object.entries(one.outputs)) {
      if (value !== "" || outputs[name] === undefined) outputs[name] = value;
    }
  }
  const result = has("failure") ? "failure" : has("cancelled") ? "cancelled" : has("success") ? "success" : "skipped";
  return { result, outputs, fresh: all.some((one) => one.fresh) };
}

/** Results as the contexts `needs` and `jobs` show them. */
export function showResults(results: ReadonlyMap<string, JobResult>): Record<string, unknown> {
  return Object.fromEntries([...results].map(([id, { result, outputs }]) => [id, { result, outputs }]));
}
