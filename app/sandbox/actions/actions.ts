import { join } from "node:path";
import { type CheckSuiteRecord, openCheckSuite } from "#sandbox/forge/checks/check-suite.ts";
import type { Actor, Forge, ForgePart, Repo } from "#sandbox/forge/contract.ts";
import { changeSettings } from "./link/actions-settings.ts";
import type { RepositorySettings } from "./link/actions-settings.ts";
import { answerEvent } from "./link/answer-event.ts";
import { createForgePlatform } from "./link/forge-platform.ts";
import { createRecorder } from "./link/recorder.ts";
import type { Recorder } from "./link/recorder.ts";
import { createRuns } from "./link/runs.ts";
import type { LiveRun, RunSeed, Runs } from "./link/runs.ts";
import { startSchedules, wakeSchedules } from "./link/wake-schedules.ts";
import { createApprovals } from "./link/approvals.ts";
import { addApprovalRoutes } from "./route/approval-routes.ts";
import type { Platform } from "./run/platform.ts";
import { addArtifactRoutes } from "./route/artifact-routes.ts";
import { addCacheRoutes } from "./route/cache-routes.ts";
import { addForkRoutes } from "./route/fork-routes.ts";
import { addJobRoutes, createLogUrls } from "./route/job-routes.ts";
import { addRunRoutes } from "./route/run-routes.ts";
import { addWorkflowRoutes } from "./route/workflow-routes.ts";
import { createExecutor } from "./run/executor.ts";
import type { Executor, ExecutorSettings } from "./run/executor.ts";
import type { JobRecord, RunRecord } from "./run/run-record.ts";
import { createArtifactService } from "./service/artifact-service.ts";
import { expireArtifacts } from "./service/artifact-store.ts";
import { createBlobStore } from "./service/blob-store.ts";
import { createCacheService } from "./service/cache-service.ts";
import { createRuntimeTokens } from "./service/runtime-tokens.ts";
import { createTwirp } from "./service/twirp.ts";

export type ActionsSettings = Partial<ExecutorSettings> & {
  /** hears of every change of a run or job, to show progress */
  onRun?: (run: RunRecord) => void;
  onJob?: (run: RunRecord, job: JobRecord) => void;
};

/** GitHub Actions beside a forge: `createForge({ parts: [actions.part] })`. */
export type Actions = {
  part: ForgePart;
  /** Resolves when no run is queued or under way, no webhook waits, and nothing has come of the last ones. */
  idle(): Promise<void>;
  /** Starts what became due while the forge's clock was moved: schedules, time-outs. Answers the ids of the runs. */
  wake(): Promise<number[]>;
  /** Secrets, variables and environments of a repository; replaces those named. */
  configure(repo: Repo, settings: Partial<RepositorySettings>): void;
  cancel(run: number, how?: "cancel" | "force"): boolean;
  /** Lets artifacts expire now: of a run, of a name, or all. Answers how many. */
  expire(repo: Repo, wanted: { run?: number; name?: string }): number;
  /** The log of a job so far, as a file. */
  logPath(job: JobRecord): string;
  /** Kills what runs; call it before the forge is stopped. */
  stop(): Promise<void>;
};

type Linked = { forge: Forge; executor: Executor; runs: Runs; recorder: Recorder };

const blobPath = "/_blobs";

/** Makes the part; everything in it starts with the forge it is given to. */
export function createActions(settings: ActionsSettings = {}): Actions {
  let linked: Linked | undefined;
  const use = (): Linked => {
    if (linked === undefined) throw new Error("These actions belong to no forge yet: pass their part to createForge");
    return linked;
  };
  return {
    part(forge) {
      linked = link(forge, settings);
    },
    async idle() {
      const { forge, executor, recorder } = use();
      for (let before = -1; before !== recorder.changes;) {
        before = recorder.changes;
        await forge.settled();
        await executor.idle();
        await recorder.settled();
      }
    },
    async wake() {
      const { forge, runs } = use();
      await forge.wake();
      const started = [];
      for (const repo of forge.repos()) {
        started.push(...(await wakeSchedules(forge, runs, repo, folderOf(forge, settings))));
      }
      return started;
    },
    configure: (repo, change) => changeSettings(repo, change),
    expire: (repo, wanted) => expireArtifacts(use().forge, repo, wanted),
    cancel: (run, how = "cancel") => use().executor.cancel(run, how),
    logPath: (job) => use().executor.logPath(job),
    async stop() {
      await linked?.executor.stop();
      await linked?.recorder.settled();
    },
  };
}

function folderOf(forge: Forge, settings: ActionsSettings): string {
  return settings.folder ?? join(forge.folder, "actions");
}

function link(forge: Forge, settings: ActionsSettings): Linked {
  const folder = folderOf(forge, settings);
  const live = new Map<number, LiveRun>();
  const recorder = createRecorder(forge, live, settings);
  const tokens = createRuntimeTokens();
  const blobs = createBlobStore(forge.files, () => `${forge.urls.server}${blobPath}`);
  const approvals = createApprovals();
  const platform: Platform = {
    ...createForgePlatform(forge, tokens, folder, recorder),
    services: { forge, blobs },
    losesRunner: (job, moment) => forge.faults.losesRunner(job.name, moment),
    async mayDeploy(request, job, cancellation, waiting) {
      const repo = forge.repoById(request.repository.id);
      return repo === undefined || (await approvals.ask(repo, job, cancellation, waiting)) === "approved";
    },
  };
  const executor = createExecutor(platform, { ...settings, folder });
  const bot = (): Actor => recorder.bot();
  const openSuite = async (repo: Repo, seed: RunSeed, held: boolean): Promise<number | null> => {
    const actor = bot();
    if (actor.kind !== "app") return null;
    const { headSha, id, headBranch, fromFork } = seed;
    const known = await repo.git.commit(headSha);
    if (known === undefined) return null;
    // GitHub knows no branch of a suite whose commit came from a fork
    const head_branch = fromFork ? null : headBranch;
    const suite = await openCheckSuite(forge, repo, { app: actor.app.id, head_sha: headSha, run: id, head_branch });
    repo.store<CheckSuiteRecord>("check-suites").set(suite.id, { held });
    return suite.id;
  };
  const runs = createRuns(forge, executor, folder, live, openSuite, (run) => recorder.onRun(run));
  forge.mount(blobPath, blobs.handle);
  forge.mount(
    "/twirp/",
    createTwirp({ ...createArtifactService(forge, blobs), ...createCacheService(forge, blobs) }, tokens),
  );
  addWorkflowRoutes(forge, runs);
  addRunRoutes(forge, runs);
  addJobRoutes(forge, runs, createLogUrls(forge, "/_logs/"));
  addForkRoutes(forge, runs);
  addApprovalRoutes(forge, approvals, () => recorder.settled());
  addArtifactRoutes(forge, blobs);
  addCacheRoutes(forge);
  forge.on("*", (event) => {
    startSchedules(forge, event.repo);
    return answerEvent(forge, runs, event, folder);
  });
  recorder.endStale();
  return { forge, executor, runs, recorder };
}
