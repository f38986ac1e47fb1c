import type { Task } from "#core/plan/plan-record.ts";
import { containerOf } from "./container/container.ts";
import { materialise } from "./materialise.ts";
import { setUp } from "./set-up.ts";
import { entriesOf, type TaskRequest } from "./task-request.ts";
import { Workplace } from "./workplace.ts";

/**
 * Runs a set-up alone, in a folder of the files that predicting sees, so that what it leaves on the machine can be kept.
 * Throws a `StepFailure` or a `MaterialiseError`.
 */
export async function warmUp(
  request: Pick<TaskRequest, "readBlobs" | "folder" | "env" | "secrets" | "setupCache" | "onLine" | "signal"> & {
    task: Pick<Task, "setup" | "container" | "cache">;
    inputs: Task["predict"]["inputs"];
    timeoutMs: number;
  },
): Promise<void> {
  const place = new Workplace(request.folder, { ...request, container: containerOf(request.task) });
  try {
    await materialise({ entries: entriesOf(request.inputs), read: request.readBlobs, folder: place.folder });
    await setUp(place, request, request.timeoutMs);
  } finally {
    place.remove();
  }
}
