import * as core from "@actions/core";
import { artifactNames, takeArtifact } from "#actions/artifacts.ts";
import { digestRows } from "./digest-rows.ts";
import type { Job } from "#actions/job.ts";

/**
 * The folder of rows and data reports, exactly as the job `prepare` left it: a job that runs the team's code may have
 * left another one. Undefined where `prepare` left none. Throws where they were changed, or are gone.
 */
export async function takeRowsFolder(job: Job): Promise<string | undefined> {
  const wanted = core.getInput("rows");
  if (wanted === "") return undefined;
  const folder = await takeArtifact(job, artifactNames.rows);
  if (folder === undefined)
    throw new Error(`The artifact "${artifactNames.rows}" of run ${job.run} is gone: run all jobs again`);
  const found = digestRows(folder);
  if (found !== wanted) throw new Error(`The rows of this run were changed: they hash to ${found}, it was ${wanted}`);
  return folder;
}
