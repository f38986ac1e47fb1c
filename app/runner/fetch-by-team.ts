import type { TreeEntry } from "#core/identity/tree.ts";
import { findWrongData } from "./inputs/verify-pointers.ts";
import type { LaidPointer } from "./inputs/lay-pointers.ts";
import { materialise } from "./materialise.ts";
import type { TaskRequest } from "./task-request.ts";
import { StepFailure, type Workplace } from "./workplace.ts";

/** Writes a task's inputs, and what its pointers stand for unless the team's own command brings that. */
export async function materialiseFor(
  { task, readBlobs, contents }: TaskRequest,
  entries: readonly TreeEntry[],
  folder: string,
): Promise<readonly LaidPointer[]> {
  return await materialise({ entries, read: readBlobs, folder, contents, later: task.fetch !== undefined });
}

/**
 * Runs the command of the config that brings what pointers stand for, if there is one and there are pointers, and holds
 * what it brought to their digests. Answers how long it took. Throws a `StepFailure`.
 */
export async function fetchByTeam(
  place: Workplace,
  { task, secrets }: Pick<TaskRequest, "secrets" | "task">,
  pointers: readonly LaidPointer[],
  timeoutMs: number,
): Promise<number> {
  if (task.fetch === undefined || pointers.length === 0) return 0;
  const durationMs = await place.run("setup", task.fetch, timeoutMs, secrets);
  const problem = findWrongData(pointers, place.folder);
  if (problem !== undefined) throw new StepFailure("materialise", `The "fetch" command ended well, but ${problem}`);
  return durationMs;
}
