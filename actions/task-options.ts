import { join } from "node:path";
import type { BlobSha } from "#core/names.ts";
import { commandEnvironment } from "#runner/command-environment.ts";
import { whenCancelled } from "./cancellation.ts";
import type { Job } from "./job.ts";
import type { TaskOptions } from "./perform-task.ts";
import { runnerName } from "./train/runner-name.ts";
import { say, speakForUs } from "./say.ts";

/**
 * What this job gives to the team's commands: an allow-list of its environment, in which there is no token, and an end
 * when the runner cancels it.
 */
export function taskOptions(
  job: Job,
  readBlob: (blob: BlobSha) => Promise<Uint8Array>,
  more: Pick<TaskOptions, "onModel" | "secrets" | "contents" | "earlier" | "checkpoints" | "setupCache"> = {},
): TaskOptions {
  const { onModel, ...rest } = more;
  return {
    ...rest,
    ...(onModel === undefined
      ? {}
      : { onModel: async (task, model) => await speakForUs(async () => await onModel(task, model)) }),
    folder: join(job.folder, "machine"),
    readBlob,
    fetchBytes: job.ports.bytes.fetch,
    env: commandEnvironment(process.env),
    onLine: say,
    runsOn: runnerName(),
    // Asked for when a command starts: a job that runs none ends at the first signal.
    get signal() {
      return whenCancelled();
    },
  };
}
