import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as core from "@actions/core";
import { digest } from "#core/canonical.ts";
import type { Comparison } from "#core/evidence.ts";
import {
  reportRecordSchema,
  type ComparisonSpec,
  type Failure,
  type PlanRecord,
  type ReportRecord,
} from "#core/plan/plan-record.ts";
import { compareSides } from "#flow/plan/compare-sides.ts";
import { artifactNames, leaveArtifact } from "#actions/artifacts.ts";
import { planContents } from "#actions/contents/job-contents.ts";
import { jobMachine } from "#actions/job-machine.ts";
import { openJob, type Job } from "#actions/job.ts";
import { openObjects } from "#actions/objects.ts";
import { runAction } from "#actions/run-action.ts";
import { say } from "#actions/say.ts";
import { takePlan } from "#actions/take-plan.ts";
import { claimPredictions, claimRun } from "./claim-task.ts";
import { findAnswers } from "./find-answers.ts";
import { readDigests } from "./read-digests.ts";
import { takeAnswers, takeData, type Taken } from "./take-answers.ts";

await runAction(async () => {
  const job = await openJob();
  // Whoever left a report before us was not asked for one: what it says ends here, also if we do not get to the end.
  const before = await hasReport(job);
  if (before) await leaveReport(job, { problem: "The evaluation was not finished" }, true);
  try {
    const report = await evaluate(job, await takePlan(job));
    await leaveReport(job, reportRecordSchema.parse(report), before);
    for (const failure of report.failures) core.error(`${failure.model}, ${failure.phase}: ${failure.message}`);
  } catch (error) {
    await leaveReport(job, { problem: error instanceof Error ? error.message : String(error) }, true);
    throw error;
  }
});

async function evaluate(job: Job, plan: PlanRecord): Promise<ReportRecord> {
  const found = await takeData(job);
  const bad = withBadData(found);
  const { taken, failures: lost } = await takeAnswers(job, plan, bad, readDigests(core.getInput("answers")));
  const failures: Failure[] = [...found.failures, ...lost];
  const wanted = plan.comparisons.filter(({ model }) => !bad.has(model));
  const comparisons = await compareAll(job, { ...plan, comparisons: wanted }, taken, failures);
  for (const { evaluation, units, unitName, error } of comparisons)
    say(error ?? `${evaluation.slice(0, 12)}: compared on ${units} ${unitName}`);
  return {
    schema: "trainyard/report/1",
    nonce: plan.nonce,
    pull: plan.pull,
    head: plan.head,
    runs: plan.tasks.flatMap((task) => claimRun(job, plan, task, taken.get(task.key))),
    predictions: plan.tasks.flatMap((task) => claimPredictions(job, task, taken.get(task.key))),
    comparisons,
    data: found.data,
    failures: failures.slice(0, 400),
  };
}

/** What stands in the way of a comparison is a failure: it costs neither the other ones nor what was trained. */
async function compareAll(
  job: Job,
  plan: PlanRecord,
  taken: ReadonlyMap<string, Taken>,
  failures: Failure[],
): Promise<Comparison[]> {
  const entries = plan.evaluations.flatMap(({ holdout, ignore }) => [...holdout, ...ignore]);
  const objects = await openObjects(job, plan, entries);
  const contents = planContents(job, plan);
  const machine = jobMachine(job, objects.read, { contents });
  const comparisons: Comparison[] = [];
  try {
    for (const spec of plan.comparisons) {
      // oxlint-disable-next-line no-await-in-loop -- one comparison in memory at a time
      const compared = await compareSides(machine, plan, spec, (side) =>
        findAnswers(job, plan, side, spec.evaluation, taken),
      );
      if (compared.kind === "comparison") comparisons.push(compared.comparison);
      else if (!failures.some(({ model }) => model === spec.model)) failures.push(failureOf(spec, compared.because));
    }
  } finally {
    objects.close();
    await contents.close();
  }
  return comparisons;
}

function failureOf({ model }: ComparisonSpec, message: string): Failure {
  return { model, task: "evaluate", phase: "evaluate", message, log: "" };
}

/** Models that nothing was done for, as their data is not as it should be. */
function withBadData({ data, failures }: Awaited<ReturnType<typeof takeData>>): ReadonlySet<string> {
  const unmet = data.filter(({ expectations }) => expectations.some(({ kind }) => kind !== "pass"));
  return new Set([...unmet, ...failures].map(({ model }) => model));
}

async function hasReport(job: Job): Promise<boolean> {
  const place = { kind: "workflow-artifact", run: job.run, name: artifactNames.report, path: "" } as const;
  return await job.ports.bytes.available(place);
}

async function leaveReport(job: Job, report: ReportRecord | { problem: string }, overwrite: boolean): Promise<void> {
  const file = join(job.folder, "report.json");
  const text = JSON.stringify(report);
  await writeFile(file, text);
  await leaveArtifact(artifactNames.report, job.folder, [file], { compress: true, days: 90, overwrite });
  core.setOutput("report", digest(text));
}
