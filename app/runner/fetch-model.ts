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
  const artifact = findModel(folder, paths, task.artifact);
  if (artifact !== undefined) return artifact;
  const found = describeModel(folder, paths, paths.length === 1 ? "file" : "folder").sha256;
  throw new StepFailure(
    "materialise",
    `The bytes of "${task.model}" from ${describe(task.bytes)} hash to "${found}", they should hash to "${task.artifact}": they were changed, and are not used`,
  );
}

/** The model that these files of a folder are, as one file or as a folder of files; undefined where neither hashes to it. */
export function findModel(folder: string, paths: readonly string[], sha256: string | null): ArtifactRecord | undefined {
  const kinds = paths.length === 1 ? (["file", "folder"] as const) : (["folder"] as const);
  return kinds.map((kind) => describeModel(folder, paths, kind)).find((model) => model.sha256 === sha256);
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
