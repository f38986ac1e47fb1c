import type { Task } from "#core/plan/plan-record.ts";
import type { TaskRequest } from "./task-request.ts";
import type { Workplace } from "./workplace.ts";

/** Folders of the machine that set-ups fill, from one machine to the next. Neither may fail a task. */
export type SetupCache = {
  /** Before the first set-up on this machine. */
  restore(): Promise<void>;
  /** After it, and before any other command of the team has run here. */
  save(): Promise<void>;
};

/** Runs the set-up of a task, if it has one; returns how long it took. Throws a `StepFailure`. */
export async function setUp(
  place: Workplace,
  { task, secrets, setupCache }: Pick<TaskRequest, "secrets" | "setupCache"> & { task: Pick<Task, "setup"> },
  timeoutMs: number,
): Promise<number> {
  if (task.setup === null) return 0;
  await setupCache?.restore();
  const durationMs = await place.run("setup", task.setup, timeoutMs, secrets);
  await setupCache?.save();
  return durationMs;
}
