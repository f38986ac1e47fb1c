import type { Machine } from "#core/machine.ts";
import type { BlobSha } from "#core/names.ts";
import type { Job } from "./job.ts";
import { createMachine } from "./machine.ts";
import type { TaskOptions } from "./perform-task.ts";
import { quoteOutput } from "./say.ts";
import { taskOptions } from "./task-options.ts";

/** The machine that this job runs on. */
export function jobMachine(
  job: Job,
  readBlob: (blob: BlobSha) => Promise<Uint8Array>,
  more: Pick<TaskOptions, "onModel" | "secrets" | "contents"> = {},
): Machine {
  const machine = createMachine(taskOptions(job, readBlob, more));
  return {
    ...machine,
    perform: async (task, rows) => await quoteOutput(() => machine.perform(task, rows)),
    runCommand: async (order) => await quoteOutput(() => machine.runCommand(order)),
  };
}
