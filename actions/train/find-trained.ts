import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Task } from "#core/plan/plan-record.ts";
import { findModel } from "#runner/fetch-model.ts";
import { findPathProblems } from "#runner/inputs/safe-paths.ts";
import { artifactNames, takeArtifact } from "#actions/artifacts.ts";
import type { Job } from "#actions/job.ts";
import type { Earlier } from "#actions/perform-task.ts";
import { readJson } from "#actions/read-json.ts";
import { say } from "#actions/say.ts";
import { trainedSchema } from "./trained.ts";

const mostBytes = 32 * 1024 * 1024;

/**
 * What an earlier attempt of this very run trained for a task, its bytes checked against its record. Undefined where
 * there is nothing, or nothing that could be believed: then it is trained again.
 */
export async function findTrained(job: Job, task: Task): Promise<Earlier | undefined> {
  const name = artifactNames.run(task.key);
  try {
    const folder = await takeArtifact(job, name);
    if (folder === undefined) return undefined;
    const file = join(folder, "trained.json");
    if ((await stat(file)).size > mostBytes) throw new Error(`its record has more than ${mostBytes} bytes`);
    const { recipe, artifact, trained } = readJson(await readFile(file, "utf8"), trainedSchema, "its record");
    if (recipe !== task.recipe) throw new Error(`it is of the recipe ${recipe}, not of ${task.recipe}`);
    const model = join(folder, "model");
    const paths = artifact.files.map(({ path }) => path);
    const [problem] = findPathProblems(paths);
    if (problem !== undefined) throw new Error(problem);
    const found = findModel(model, paths, artifact.sha256);
    if (found === undefined) throw new Error(`its files do not hash to ${artifact.sha256}`);
    return { model: { artifact: found, folder: model, ...trained, notes: [] }, trained };
  } catch (error) {
    say(`"${name}" of an earlier attempt is not used: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
