import type { PlanRecord, Task } from "#core/plan/plan-record.ts";
import type { Ports, WorkflowRun } from "#core/ports.ts";
import type { CommitSha } from "#core/names.ts";
import { readPlan } from "#flow/evidence/read-plan.ts";

/** How many of the oldest and of the newest runs of the clock are looked into: the first that finds work takes it up. */
const mostLookedAt = 5;

/**
 * Has a run for this head begun or ended that may have done this, is it said that it failed, or has the clock itself had
 * it tried? What failed fails again, and every hour. `own`: the run that asks.
 */
export async function wasTried(
  ports: Pick<Ports, "workflows" | "checks">,
  head: CommitSha,
  wanted: PlanRecord,
  own: number | undefined,
): Promise<boolean> {
  const runs = (await ports.workflows.runsOf(head)).filter(({ id }) => id !== own);
  if (runs.some(({ event, status }) => event !== "schedule" || status !== "completed")) return true;
  const check = await ports.checks.find(head);
  if (check?.state.kind === "completed" && check.state.conclusion === "failure") return true;
  for (const { id } of atTheEnds(runs)) {
    // oxlint-disable-next-line no-await-in-loop -- only while work is missing that nobody has said anything about
    const plan = await readPlan(ports, id);
    if (plan?.head === head && asksFor(plan, wanted)) return true;
  }
  return false;
}

/** The oldest runs first. */
function atTheEnds(runs: readonly WorkflowRun[]): readonly WorkflowRun[] {
  const oldestFirst = runs.toReversed();
  return oldestFirst.filter((_, index) => index < mostLookedAt || index >= oldestFirst.length - mostLookedAt);
}

/** Did this plan ask for all of the other's tasks? */
function asksFor(plan: PlanRecord, wanted: PlanRecord): boolean {
  const asked = new Set(plan.tasks.map(nameOf));
  return wanted.tasks.every((task) => asked.has(nameOf(task)));
}

function nameOf({ model, role, recipe, train, sittings }: Task): string {
  return JSON.stringify([model, role, recipe, train !== null, sittings.map(({ evaluation }) => evaluation)]);
}
