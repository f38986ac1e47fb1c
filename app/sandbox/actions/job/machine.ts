import { chmod, lstat, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Machine } from "#sandbox/actions/step/job-state.ts";
import type { JobTask } from "./job-task.ts";

/**
 * The machine of a job, by the number of its runner: as on GitHub its paths are the same from job to job (caches are
 * found by them) and nothing of the job before is left in them.
 */
export async function setUpMachine({ level, runner }: JobTask): Promise<Machine> {
  const { settings } = level.executor;
  const root = join(settings.folder, "machines", String(runner));
  const name = level.request.repository.fullName.split("/")[1] ?? "work";
  const machine: Machine = {
    name: `sandbox-${runner}`,
    root,
    home: join(root, "home"),
    workspace: join(root, "work", name, name),
    temp: join(root, "work", "_temp"),
    toolCache: join(settings.folder, "tools"),
    env: settings.runnerEnv,
    path: settings.runnerPath,
  };
  await removeMachine(machine);
  const folders = [machine.home, machine.workspace, machine.temp, machine.toolCache];
  await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
  return machine;
}

/** Removes everything a job left, what it wrote-protected too. */
export async function removeMachine({ root }: Machine): Promise<void> {
  try {
    await rm(root, { recursive: true, force: true });
  } catch {
    await makeWritable(root);
    await rm(root, { recursive: true, force: true });
  }
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await lstat(path)).isDirectory()) await makeWritable(path);
  }
}
