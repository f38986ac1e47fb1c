import type { Task, PlanRecord, ReportRecord } from "#core/plan/plan-record.ts";
import { reportRecordSchema } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import { leaveWork } from "#test/flow/local/local-loop.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

/** How the jobs of a run end: as they should, with a training that fails, or with a machine that is lost. */
export type Ending = "well" | "failed" | "lost";

/** One training that took place, and what it made. */
export type Made = { model: string; recipe: string; artifact: string };

/** Does what a plan asks for, as the jobs of a run would. Answers what was trained and is there. */
export async function work(
  world: LocalWorld,
  ports: Ports,
  plan: PlanRecord,
  run: { id: number; ending: Ending },
): Promise<readonly Made[]> {
  if (plan.tasks.length === 0 && plan.comparisons.length === 0) {
    await leaveWork(world, ports, plan, run.id);
    return [];
  }
  const { artifacts } = world.storage;
  artifacts[`${run.id}/trainyard-plan/plan.json`] = JSON.stringify(plan);
  if (run.ending === "lost") return [];
  await leaveWork(world, ports, plan, run.id);
  const where = `${run.id}/trainyard-report/report.json`;
  const report = reportRecordSchema.parse(JSON.parse(artifacts[where] ?? ""));
  const trainings = plan.tasks.filter(({ train }) => train !== null);
  if (run.ending === "well" || trainings.length === 0)
    return report.runs.map(({ model, recipe, artifact }) => ({ model, recipe, artifact: artifact.sha256 }));
  for (const { key } of trainings) {
    for (const path of Object.keys(artifacts)) {
      if (path.startsWith(`${run.id}/trainyard-run-${key}/`) || path.startsWith(`${run.id}/trainyard-answers-${key}/`))
        delete artifacts[path];
    }
  }
  artifacts[where] = JSON.stringify(withoutTrainings(report, plan, trainings));
  return [];
}

function withoutTrainings(report: ReportRecord, plan: PlanRecord, trainings: readonly Task[]): ReportRecord {
  const keys = new Set(trainings.map(({ key }) => key));
  const lost = (name: string): boolean => keys.has(name.replace("trainyard-answers-", ""));
  return {
    ...report,
    runs: [],
    predictions: report.predictions.filter(({ bytes }) => bytes.kind !== "workflow-artifact" || !lost(bytes.name)),
    comparisons: report.comparisons.filter((_, index) => !keys.has(plan.comparisons[index]?.candidate.task ?? "")),
    failures: trainings.map(({ key, model }) => ({
      model,
      task: key,
      phase: "train",
      message: "exit code 1",
      log: "",
    })),
  };
}
