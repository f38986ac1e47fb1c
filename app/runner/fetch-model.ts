import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ArtifactRecord } from "#core/evidence.ts";
import { describeModel, kindOf } from "./model-files.ts";
import { findPathProblems } from "./inputs/safe-paths.ts";
import type { TaskRequest } from "./task-request.ts";
import { StepFailure } from "./workplace.ts";

/**
 * Fetches the bytes that a task predicts with into a folder, and believes them only if they hash to the task's artifact.
 * Throws a `StepFailure`.
 */
export async function fetchModel(request: TaskRequest, folder: string): Promise<ArtifactRecord> {
  const { task } = request;
  if (task.bytes === null) throw new StepFailure("materialise", `There are no bytes of "${task.model}" to fetch`);
  mkdirSync(folder, { recursive: true });
  const paths = await request.fetchBytes(task.bytes, folder);
  if (paths === undefined || paths.length === 0) {
    throw new StepFailure(
      "materialise",
      `The trained bytes of "${task.model}" can no longer be had from ${describe(task.bytes)}: train it again with "/train --again"`,
    );
  }
  const [problem] = findPathProblems(paths);
  if (problem !== undefined) throw new StepFailure("materialise", problem);
  const notFile = paths.find((path) => kindOf(join(folder, path)) !== "file");
  if (notFile !== undefined)
    throw new StepFailure("materialise", `The bytes of "${task.model}" hold "${notFile}", which is no regular file`);
  const asFolder = describeModel(folder, paths, "folder");
  const candidates = paths.length === 1 ? [describeModel(folder, paths, "file"), asFolder] : [asFolder];
  const artifact = candidates.find((candidate) => candidate.sha256 === task.artifact);
  if (artifact !== undefined) return artifact;
  throw new StepFailure(
    "materialise",
    `The bytes of "${task.model}" from ${describe(task.bytes)} hash to "${candidates[0]?.sha256}", they should hash to "${task.artifact}": they were changed, and are not used`,
  );
}

function describe(locator: NonNullable<TaskRequest["task"]["bytes"]>): string {
  switch (locator.kind) {
    case "workflow-artifact":
      return `the artifact "${locator.name}" of workflow run ${locator.run}`;
    case "release-asset":
      return `the asset "${locator.name}" of release "${locator.tag}"`;
    case "local":
      return "the local store";
  }
}
