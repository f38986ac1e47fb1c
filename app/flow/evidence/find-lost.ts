import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports, WorkflowRun } from "#core/ports.ts";
import { readPlan } from "./read-plan.ts";

/**
 * What a run that left no report had been asked for, model by model: a machine was lost, or the run was cancelled. Only
 * models whose recipe and evaluation are still what is asked for count; a run that planned nothing lost nothing.
 */
export async function findLost(
  ports: Pick<Ports, "workflows">,
  run: WorkflowRun,
  wanted: {
    pull: number | undefined;
    head: string;
    recipes: ReadonlyMap<string, string>;
    evaluations: ReadonlySet<string>;
  },
): Promise<readonly Failure[]> {
  const plan = await readPlan(ports, run.id);
  if (plan === undefined || plan.head !== wanted.head || (plan.pull ?? undefined) !== wanted.pull) return [];
  const asked = [...wanted.recipes].filter(
    ([model, recipe]) =>
      plan.comparisons.some((entry) => entry.model === model && wanted.evaluations.has(entry.evaluation)) &&
      plan.tasks.every((task) => task.model !== model || task.role !== "candidate" || task.recipe === recipe),
  );
  const message = `Run ${run.id} ended without a report: it was cancelled, or a machine was lost. Say /train to try again`;
  return asked.map(([model]) => ({ model, task: "report", phase: "evaluate", message, log: "" }));
}
