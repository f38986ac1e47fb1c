import { lastDue, readCron } from "#sandbox/actions/trigger/cron.ts";
import { readWorkflow } from "#sandbox/actions/workflow/read-workflow.ts";
import type { Actor, Forge, Repo } from "#sandbox/forge/contract.ts";
import { presentAccount } from "#sandbox/forge/present/account.ts";
import { presentRepository } from "#sandbox/forge/present/repository.ts";
import { readSettings } from "./actions-settings.ts";
import { sourceAt } from "./forge-platform.ts";
import { workflowPaths } from "./runs.ts";
import type { Runs } from "./runs.ts";
import { ofDefaultBranch } from "./subject.ts";

type Waking = { id: number; at: string };

/** Remembers from when on schedules count. */
export function startSchedules(forge: Forge, repo: Repo): void {
  const store = repo.store<Waking>("schedules");
  if (store.get(repo.id) === undefined) store.add({ id: repo.id, at: forge.instant() });
}

/**
 * Starts every scheduled workflow of the default branch that has become due since the last waking. A clock that jumps
 * over many hours of one cron starts it once: GitHub, too, drops what it is late for. Answers the runs.
 */
export async function wakeSchedules(forge: Forge, runs: Runs, repo: Repo, folder: string): Promise<number[]> {
  startSchedules(forge, repo);
  const store = repo.store<Waking>("schedules");
  const since = new Date(store.get(repo.id)?.at ?? forge.instant());
  const now = forge.now();
  store.set(repo.id, { at: forge.instant() });
  const subject = await ofDefaultBranch(repo, "");
  const account = forge.account(repo.record.owner);
  if (!readSettings(repo).enabled || subject === undefined || account === undefined) return [];
  const actor: Actor = { kind: "user", account };
  const source = sourceAt(repo, subject.ref, subject.sha, folder);
  const started: number[] = [];
  for (const path of await workflowPaths(source)) {
    const reading = await readWorkflow(path, (await source.read(path)) ?? "");
    if (reading.kind === "invalid") continue;
    const { triggers, name } = reading.workflow;
    for (const { cron, timezone } of triggers.schedule) {
      if (lastDue(readCron(cron), since, now, timezone) === undefined) continue;
      const payload = {
        schedule: cron,
        workflow: path,
        repository: presentRepository(forge, repo),
        sender: presentAccount(forge.urls, account),
      };
      started.push(await runs.start(repo, path, name, { name: "schedule", payload }, subject, actor));
    }
  }
  return started;
}
