import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Task } from "#core/plan/plan-record.ts";
import type { Resumed } from "#runner/checkpoint/checkpoints.ts";
import { findPathProblems } from "#runner/inputs/safe-paths.ts";
import { hashFile } from "#runner/model-files.ts";
import type { Job } from "#actions/job.ts";
import { readJson } from "#actions/read-json.ts";
import { say } from "#actions/say.ts";
import { checkpointSchema } from "./checkpoint-record.ts";

const mostBytes = 16 * 1024 * 1024;

/**
 * Fetches a checkpoint into the (existing, empty) folder, each file checked against its record. Undefined where it cannot
 * be had, is of another recipe, or is damaged, which is said.
 */
export async function takeCheckpoint(
  job: Job,
  task: Task,
  { run, name }: { run: number; name: string },
  folder: string,
): Promise<Resumed | undefined> {
  const fetched = mkdtempSync(join(job.folder, "restored-"));
  try {
    const paths = await job.ports.bytes.fetch({ kind: "workflow-artifact", run, name, path: "" }, fetched);
    if (paths === undefined) throw new Error("it is gone");
    const file = join(fetched, "checkpoint.json");
    if (statSync(file).size > mostBytes) throw new Error(`its record has more than ${mostBytes} bytes`);
    const record = readJson(readFileSync(file, "utf8"), checkpointSchema, "its record");
    if (record.recipe !== task.recipe) throw new Error(`it is of the recipe ${record.recipe}`);
    const [problem] = findPathProblems(record.files.map(({ path }) => path));
    if (problem !== undefined) throw new Error(problem);
    const broken = record.files.find(({ path, sha256 }) => hashFile(join(fetched, "files", path)).sha256 !== sha256);
    if (broken !== undefined) throw new Error(`"${broken.path}" is damaged`);
    for (const { path } of record.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      renameSync(join(fetched, "files", path), join(folder, path));
    }
    const { attempt, counter } = record;
    say(`Going on from checkpoint ${counter} of attempt ${attempt} of run ${run}`);
    return { run, attempt, counter };
  } catch (error) {
    say(`The checkpoint "${name}" is not used: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  } finally {
    rmSync(fetched, { recursive: true, force: true });
  }
}
