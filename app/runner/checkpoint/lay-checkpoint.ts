import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { findPathProblem } from "#runner/inputs/safe-paths.ts";
import { isInside, kindOf } from "#runner/model-files.ts";
import { StepFailure, type Workplace } from "#runner/workplace.ts";
import type { Checkpoints, Resumed } from "./checkpoints.ts";

/**
 * Makes the folder that the config declares for checkpoints, and puts the newest one that may be gone on from into it.
 * Throws a `StepFailure` where that folder cannot be.
 */
export async function layCheckpoint(
  place: Workplace,
  path: string,
  checkpoints: Checkpoints | undefined,
): Promise<{ folder: string; resumedFrom: Resumed | undefined }> {
  const folder = join(place.folder, path);
  const problem = findPathProblem(path) ?? findProblem(place.folder, folder);
  if (problem !== undefined)
    throw new StepFailure("materialise", `"train.checkpoint" cannot be kept at "${path}": ${problem}`);
  const given = place.beside("checkpoint");
  const resumedFrom = await checkpoints?.restore(given);
  if (resumedFrom !== undefined) {
    rmSync(folder, { recursive: true, force: true });
    renameSync(given, folder);
  }
  return { folder, resumedFrom };
}

function findProblem(around: string, folder: string): string | undefined {
  // Set-up has run by now: whatever lies there may lead anywhere.
  try {
    mkdirSync(dirname(folder), { recursive: true });
    if (dirname(folder) !== around && !isInside(around, dirname(folder)))
      return "a link on the way leads out of the folder";
    if (kindOf(folder) === "none") mkdirSync(folder);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return kindOf(folder) === "folder" ? undefined : "something that is no folder is there";
}
