import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Task } from "#core/plan/plan-record.ts";
import type { TrainedModel } from "#runner/task-request.ts";
import { artifactNames, leaveArtifact } from "#actions/artifacts.ts";
import { describeTrained } from "#actions/perform-task.ts";
import { runnerName } from "./runner-name.ts";
import { say } from "#actions/say.ts";
import { retentionDays } from "./retention-days.ts";
import { trainedSchema } from "./trained.ts";

/** Carries a model to safety as soon as it is trained, with a record of how, so that no later failure costs a training. */
export async function leaveModel(task: Task, model: TrainedModel): Promise<void> {
  const { artifact, folder } = model;
  const around = dirname(folder);
  const record = join(around, "trained.json");
  const trained = describeTrained(model, runnerName());
  await writeFile(
    record,
    JSON.stringify(trainedSchema.parse({ schema: "trainyard/trained/1", recipe: task.recipe, artifact, trained })),
  );
  const files = [record, ...artifact.files.map(({ path }) => join(folder, path))];
  await leaveArtifact(artifactNames.run(task.key), around, files, { compress: false, days: retentionDays() });
  say(`Trained: sha256:${artifact.sha256}, ${artifact.size} bytes`);
}
