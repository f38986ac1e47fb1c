import type { PlanRecord } from "#core/plan/plan-record.ts";

/** The same plan for a run that trains nothing: only what others have trained is compared. */
export function withoutTraining(plan: PlanRecord): PlanRecord {
  const trained = new Set(plan.tasks.filter(({ train }) => train !== null).map(({ key }) => key));
  if (trained.size === 0) return plan;
  const tasksOf = ({ candidate, production, baseline }: PlanRecord["comparisons"][number]): readonly string[] =>
    [candidate, production, baseline].flatMap((side) => side?.task ?? []);
  const comparisons = plan.comparisons.filter((spec) => !tasksOf(spec).some((key) => trained.has(key)));
  const needed = new Set(comparisons.flatMap(tasksOf));
  return { ...plan, comparisons, tasks: plan.tasks.filter(({ key }) => needed.has(key)), data: [] };
}
