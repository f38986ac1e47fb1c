import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Task } from "#core/plan/plan-record.ts";
import type { Snapshot } from "#runner/checkpoint/take-snapshot.ts";
import { leaveArtifact } from "#actions/artifacts.ts";
import type { Job } from "#actions/job.ts";
import { say, withoutCommands } from "#actions/say.ts";
import { checkpointSchema } from "./checkpoint-record.ts";

/** A week-end, and a day to notice. */
const days = 4;

/** Leaves a checkpoint for whoever goes on from it. What it holds is the team's: it is not unpacked anywhere else. */
export async function keepCheckpoint(
  job: Job,
  task: Task,
  { name, counter }: { name: string; counter: number },
  { folder, files }: Snapshot,
): Promise<void> {
  const { attempt } = job;
  mkdirSync(job.folder, { recursive: true });
  const around = mkdtempSync(join(job.folder, "checkpoint-"));
  try {
    const record = join(around, "checkpoint.json");
    const said = { schema: "trainyard/checkpoint/1", recipe: task.recipe, attempt, counter, files };
    writeFileSync(record, JSON.stringify(checkpointSchema.parse(said)));
    renameSync(folder, join(around, "files"));
    const paths = files.map(({ path }) => join(around, "files", path));
    await withoutCommands(async () => await leaveArtifact(name, around, [record, ...paths], { compress: false, days }));
    const size = files.reduce((sum, file) => sum + file.size, 0);
    say(`Checkpoint ${counter} of attempt ${attempt} is kept: ${files.length} files, ${size} bytes`);
  } finally {
    rmSync(around, { recursive: true, force: true });
  }
}
