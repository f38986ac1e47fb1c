import type { Comparison } from "#core/evidence.ts";
import type { Machine, Side } from "#core/machine.ts";
import type { ComparisonSpec, PlanRecord } from "#core/plan/plan-record.ts";

export type Compared = { kind: "comparison"; comparison: Comparison } | { kind: "failed"; because: string };

/**
 * Scores one comparison of a plan. `findSide` gives a side's predictions as a file, undefined where they cannot be had.
 * Throws a TypeError if the plan does not describe the evaluation.
 */
export async function compareSides(
  machine: Machine,
  plan: PlanRecord,
  spec: ComparisonSpec,
  findSide: (side: ComparisonSpec["candidate"]) => Promise<Side | undefined>,
): Promise<Compared> {
  const exam = plan.evaluations.find(({ evaluation, model }) => evaluation === spec.evaluation && model === spec.model);
  if (exam === undefined)
    throw new TypeError(`The plan compares on an evaluation that it does not describe: ${spec.evaluation}`);
  const candidate = await findSide(spec.candidate);
  const production = spec.production === null ? null : await findSide(spec.production);
  const baseline = spec.baseline === null ? null : await findSide(spec.baseline);
  if (candidate === undefined || production === undefined || baseline === undefined)
    return {
      kind: "failed",
      because: `The predictions of "${spec.model}" can no longer be had: train it again with "/train --again"`,
    };
  try {
    const sides = { candidate, production: production ?? undefined, baseline: baseline ?? undefined };
    return { kind: "comparison", comparison: await machine.score(exam, spec, sides) };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return { kind: "failed", because: `"${spec.model}" could not be scored: ${because.slice(0, 2_000)}` };
  }
}
