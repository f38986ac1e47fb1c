import { join } from "node:path";
import * as core from "@actions/core";
import { parseModelName } from "#core/names.ts";
import { identifyModel } from "#core/plan/identify.ts";
import { readSnapshot } from "#flow/observe/read-snapshot.ts";
import { warmUp } from "#runner/warm-up.ts";
import { createSetupCache } from "#actions/cache/setup-cache.ts";
import type { Job } from "#actions/job.ts";
import { openObjects } from "#actions/objects.ts";
import { readBlobs } from "#actions/perform-task.ts";
import { quoteOutput, say } from "#actions/say.ts";
import { taskOptions } from "#actions/task-options.ts";
import { readSecrets } from "#actions/train/secrets.ts";

/**
 * Runs a model's set-up on the default branch and keeps what it leaves, unless that is there. Whoever trains runs the
 * set-up again, and says what is wrong with it: here a failure is a warning.
 */
export async function warmHere(job: Job, name: string): Promise<void> {
  try {
    await warm(job, name);
  } catch (error) {
    core.warning(`"${name}" could not be warmed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function warm(job: Job, name: string): Promise<void> {
  const { repository } = job.ports;
  const { head } = await repository.defaultBranch();
  const read = await readSnapshot(repository, head, head);
  const model = read.kind === "snapshot" ? read.snapshot.config.models.get(parseModelName(name)) : undefined;
  const setup = model?.setup;
  if (read.kind !== "snapshot" || model === undefined || setup?.cache === undefined) {
    say(`"${name}" keeps no folders at ${head}.`);
    return;
  }
  const inputs = identifyModel(model, read.snapshot.tree).predicting.map((entry) => ({ ...entry }));
  const { run, container, cache } = setup;
  const setupCache = createSetupCache(job, { run, container, cache, inputs });
  if (await setupCache.isKept()) {
    say("What this set-up leaves is kept already.");
    return;
  }
  const secrets = readSecrets(core.getInput("secrets"), model.train.secrets);
  for (const value of Object.values(secrets)) core.setSecret(value);
  const objects = await openObjects(job, { objects: [head] }, inputs);
  try {
    const options = taskOptions(job, objects.read, { secrets });
    await quoteOutput(async () => {
      await warmUp({
        task: { setup: run, container, cache: [...cache] },
        inputs,
        timeoutMs: model.train.timeoutMs,
        readBlobs: (blobs) => readBlobs(options, blobs),
        folder: join(job.folder, "warm"),
        env: options.env,
        secrets,
        setupCache,
        onLine: (line) => options.onLine?.(line),
        signal: options.signal,
      });
    });
  } finally {
    objects.close();
  }
}
