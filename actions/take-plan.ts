import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as core from "@actions/core";
import { digest } from "#core/canonical.ts";
import { planRecordSchema, type PlanRecord } from "#core/plan/plan-record.ts";
import { artifactNames, takeArtifact } from "./artifacts.ts";
import type { Job } from "./job.ts";
import { readJson } from "./read-json.ts";

/** The plan of this run, exactly as the job `plan` made it: a job that runs the team's code may have left another one. */
export async function takePlan(job: Job): Promise<PlanRecord> {
  const folder = await takeArtifact(job, artifactNames.plan);
  if (folder === undefined)
    throw new Error(
      `There is no artifact "${artifactNames.plan}" in run ${job.run}: the job "plan" has to run before this one`,
    );
  const text = await readFile(join(folder, "plan.json"), "utf8");
  const [found, wanted] = [digest(text), core.getInput("plan", { required: true })];
  if (found !== wanted) throw new Error(`The plan of this run was changed: it hashes to ${found}, it was ${wanted}`);
  return readJson(text, planRecordSchema, "the plan of this run");
}
