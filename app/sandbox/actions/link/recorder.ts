import type { JobRecord, RunRecord } from "#sandbox/actions/run/run-record.ts";
import { actionsAppId } from "#sandbox/forge/auth/authenticate.ts";
import type { Actor, Forge, Repo } from "#sandbox/forge/contract.ts";
import type { LiveRun } from "./runs.ts";
import { jobsOf, put, runsOf } from "./run-store.ts";
import type { StoredJob, StoredRun } from "./run-store.ts";
import { tellCheck, tellJob, tellRun } from "./tell.ts";
import { tellDeployment } from "./tell-deployment.ts";

/** Writes down what the executor says, and tells webhooks and checks of it, in order. */
export type Recorder = {
  onRun(run: RunRecord): void;
  onJob(run: RunRecord, job: JobRecord): void;
  /** counts every change */
  readonly changes: number;
  settled(): Promise<void>;
  /** the app that check runs of jobs belong to */
  bot(): Actor;
  /** Ends what a process that died left unfinished. */
  endStale(): void;
};

type Listeners = { onRun?: (run: RunRecord) => void; onJob?: (run: RunRecord, job: JobRecord) => void };

export function createRecorder(forge: Forge, live: ReadonlyMap<number, LiveRun>, listeners: Listeners): Recorder {
  let changes = 0;
  let telling: Promise<void> = Promise.resolve();
  const told = new Map<string, string>();
  const later = (tell: () => Promise<void> | void): void => {
    telling = telling.then(tell).catch((error: unknown) => {
      forge.fail(`Telling of a run failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
  };
  /** Who only watches must not break what is watched. */
  const listen = (tell: () => void): void => {
    try {
      tell();
    } catch (error) {
      forge.fail(`A listener of runs failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  /** Whether this is news: every state of an attempt is told once. */
  const isNews = (key: string, state: string): boolean => {
    const news = told.get(key) !== state;
    told.set(key, state);
    return news;
  };
  const bot = (): Actor => {
    const app = forge.app(actionsAppId);
    const account = forge.account("github-actions[bot]");
    return app === undefined || account === undefined
      ? { kind: "anonymous", account: null }
      : { kind: "app", app, account };
  };
  const stored = (run: RunRecord, { seed, checkSuite }: LiveRun): StoredRun => ({
    ...run,
    workflowId: seed.workflowId,
    checkSuite,
    headRepositoryId: seed.headRepositoryId,
    depth: seed.depth,
  });
  return {
    get changes() {
      return changes;
    },
    bot,
    settled: () => telling,
    onRun(run) {
      changes += 1;
      const about = live.get(run.id);
      if (about === undefined) return;
      const record = stored(run, about);
      put(about.repo, "workflow-runs", record);
      listen(() => listeners.onRun?.(run));
      if (!isNews(`run ${run.id} ${run.attempt}`, run.status)) return;
      later(() => tellRun(forge, about.repo, record, about.actor));
    },
    onJob(run, job) {
      changes += 1;
      const about = live.get(run.id);
      if (about === undefined) return;
      const { repo, actor } = about;
      const store = repo.store<StoredJob>("workflow-jobs");
      const known = store.get(job.id);
      const record: StoredJob = { ...job, checkRun: known?.checkRun ?? null, deployment: known?.deployment ?? null };
      put(repo, "workflow-jobs", record);
      listen(() => listeners.onJob?.(run, job));
      if (!isNews(`job ${job.id}`, job.status)) return;
      later(async () => {
        const { checkRun, deployment } = store.get(job.id) ?? record;
        const now = { ...record, checkRun, deployment };
        const storedRun = stored(run, about);
        tellJob(forge, repo, storedRun, now, actor);
        store.set(job.id, { checkRun: await tellCheck(forge, repo, actionsAppId, storedRun, now, bot()) });
        store.set(job.id, { deployment: await tellDeployment(forge, repo, storedRun, now, bot()) });
      });
    },
    endStale() {
      for (const repo of forge.repos()) endStale(repo, forge.instant());
    },
  };
}

function endStale(repo: Repo, now: string): void {
  for (const run of runsOf(repo)) {
    if (run.status === "completed") continue;
    for (const job of jobsOf(repo, run.id)) {
      if (job.status === "completed") continue;
      repo
        .store<StoredJob>("workflow-jobs")
        .set(job.id, { status: "completed", conclusion: "cancelled", completedAt: now });
    }
    repo
      .store<StoredRun>("workflow-runs")
      .set(run.id, { status: "completed", conclusion: "cancelled", updatedAt: now });
  }
}
