import { readFile } from "node:fs/promises";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { planRecordSchema, type PlanRecord } from "#core/plan/plan-record.ts";
import type { Job } from "./job.ts";
import { readJson } from "./read-json.ts";

export const artifactNames = {
  plan: "trainyard-plan",
  rows: "trainyard-rows",
  run: (task: string) => `trainyard-run-${task}`,
  answers: (task: string) => `trainyard-answers-${task}`,
  report: "trainyard-report",
  watch: "trainyard-watch",
} as const;

/** Leaves files behind for other jobs. `root` is cut off their paths. */
export async function leaveArtifact(
  name: string,
  root: string,
  files: readonly string[],
  options: { days?: number; compress: boolean },
): Promise<void> {
  // Loading the client takes half a second: only steps that leave something pay for it.
  const { DefaultArtifactClient } = await import("@actions/artifact");
  await new DefaultArtifactClient().uploadArtifact(name, [...files], root, {
    retentionDays: options.days ?? 14,
    compressionLevel: options.compress ? 6 : 0,
  });
}

/** Fetches an artifact of this run into a new folder beneath the job's; undefined where there is none. */
export async function takeArtifact(job: Job, name: string): Promise<string | undefined> {
  const folder = join(job.folder, name);
  mkdirSync(folder, { recursive: true });
  const files = await job.ports.bytes.fetch({ kind: "workflow-artifact", run: job.run, name, path: "" }, folder);
  return files === undefined ? undefined : folder;
}

/** The plan of this run. */
export async function takePlan(job: Job): Promise<PlanRecord> {
  const folder = await takeArtifact(job, artifactNames.plan);
  if (folder === undefined)
    throw new Error(
      `There is no artifact "${artifactNames.plan}" in run ${job.run}: the job "plan" has to run before this one`,
    );
  return readJson(await readFile(join(folder, "plan.json"), "utf8"), planRecordSchema, "the plan of this run");
}
