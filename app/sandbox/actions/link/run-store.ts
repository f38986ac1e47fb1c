import type { JobRecord, RunRecord } from "#sandbox/actions/run/run-record.ts";
import type { Forge, Repo } from "#sandbox/forge/contract.ts";

/** Collection "workflows". */
export type WorkflowRecord = {
  id: number;
  path: string;
  name: string;
  lastRunNumber: number;
  created_at: string;
  updated_at: string;
};

/** Collection "workflow-runs": the newest attempt of each run. */
export type StoredRun = RunRecord & {
  workflowId: number;
  checkSuite: number | null;
  /** login of whoever may be told; the bot for a run by a job's token */
  headRepositoryId: number;
  /** how many workflow_run events stand behind it */
  depth: number;
};

/** Collection "workflow-jobs". */
export type StoredJob = JobRecord & { checkRun: number | null; deployment: number | null };

export function runsOf(repo: Repo): StoredRun[] {
  return repo.store<StoredRun>("workflow-runs").list();
}

export function jobsOf(repo: Repo, run: number): StoredJob[] {
  return repo
    .store<StoredJob>("workflow-jobs")
    .list()
    .filter((job) => job.run === run);
}

/** The record of a workflow file, made when it is first seen; its name follows the file. */
export function openWorkflow(forge: Forge, repo: Repo, path: string, name: string): WorkflowRecord {
  const store = repo.store<WorkflowRecord>("workflows");
  const known = store.find((workflow) => workflow.path === path);
  if (known?.name === name) return known;
  if (known !== undefined) return store.set(known.id, { name, updated_at: forge.instant() });
  const now = forge.instant();
  return store.add({ id: forge.nextId(), path, name, lastRunNumber: 0, created_at: now, updated_at: now });
}

export function nextRunNumber(repo: Repo, workflow: number): number {
  const store = repo.store<WorkflowRecord>("workflows");
  const lastRunNumber = (store.get(workflow)?.lastRunNumber ?? 0) + 1;
  store.set(workflow, { lastRunNumber });
  return lastRunNumber;
}

/** Adds or replaces a record. */
export function put<T extends { id: number }>(repo: Repo, name: string, record: T): void {
  const store = repo.store<T>(name);
  if (store.get(record.id) === undefined) store.add(record);
  else store.set(record.id, record);
}
