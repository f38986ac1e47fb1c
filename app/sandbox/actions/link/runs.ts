import { readFile } from "node:fs/promises";
import type { Executor } from "#sandbox/actions/run/executor.ts";
import type { JobRecord, RunRecord } from "#sandbox/actions/run/run-record.ts";
import type { RunRequest } from "#sandbox/actions/run/run-request.ts";
import { createRecord } from "#sandbox/actions/run/run-run.ts";
import { readDispatchInputs } from "#sandbox/actions/trigger/dispatch-inputs.ts";
import { readWorkflow } from "#sandbox/actions/workflow/read-workflow.ts";
import { type Actor, type Forge, type Repo } from "#sandbox/forge/contract.ts";
import { presentAccount } from "#sandbox/forge/present/account.ts";
import { presentRepository } from "#sandbox/forge/present/repository.ts";
import { readSettings } from "./actions-settings.ts";
import { needsApproval } from "./fork-approval.ts";
import { sourceAt } from "./forge-platform.ts";
import { jobsOf, nextRunNumber, openWorkflow } from "./run-store.ts";
import type { StoredRun, WorkflowRecord } from "./run-store.ts";
import { objectOf, ofRef, textOf } from "./subject.ts";
import type { Subject } from "./subject.ts";

/** What a run is started with and can be started with again; kept on disk as JSON. */
export type RunSeed = Pick<
  RunRequest,
  | "workflow"
  | "event"
  | "sha"
  | "ref"
  | "headSha"
  | "headBranch"
  | "headRepository"
  | "headRef"
  | "baseRef"
  | "actor"
  | "pullRequests"
  | "title"
  | "inputs"
  | "fromFork"
  | "runNumber"
> & { id: number; workflowSha: string; workflowId: number; headRepositoryId: number; depth: number };

/** A run under way, as the records need it. */
export type LiveRun = { repo: Repo; seed: RunSeed; actor: Actor; checkSuite: number | null };

export type Dispatched = { kind: "started"; run: number } | { kind: "refused"; message: string };

export type Runs = {
  /** Workflows of the default branch; unreadable ones by their path. */
  workflows(repo: Repo): Promise<WorkflowRecord[]>;
  /** `ref`: a full ref name that exists */
  dispatch(
    repo: Repo,
    workflow: WorkflowRecord,
    ref: string,
    inputs: Readonly<Record<string, unknown>>,
    actor: Actor,
  ): Promise<Dispatched>;
  /** Starts a workflow for an event. */
  start(
    repo: Repo,
    path: string,
    name: string,
    event: RunRequest["event"],
    subject: Subject,
    actor: Actor,
    more?: { inputs?: RunRequest["inputs"]; depth?: number; held?: boolean },
  ): Promise<number>;
  cancel(run: number, how: "cancel" | "force", reason: string): boolean;
  /** Starts a fork's run that waited for this. */
  approve(repo: Repo, run: StoredRun): Promise<void>;
  /** Another attempt. */
  again(repo: Repo, run: StoredRun, actor: Actor, failedOnly: boolean): Promise<void>;
  pastAttempt(repo: Repo, run: number, attempt: number): Promise<StoredRun | undefined>;
  logPath(job: JobRecord): string;
};

const nothing = { secrets: {}, vars: {}, environments: {} };
const inputsLimit = 65_535;

/** `live`: where the platform finds what belongs to a run. `openSuite`: the check suite of a run. */
export function createRuns(
  forge: Forge,
  executor: Executor,
  folder: string,
  live: Map<number, LiveRun>,
  openSuite: (repo: Repo, seed: RunSeed, held: boolean) => Promise<number | null>,
  onRun: (run: RunRecord) => void,
): Runs {
  const launch = async (
    repo: Repo,
    seed: RunSeed,
    actor: Actor,
    attempt: number,
    reuse: RunRequest["reuse"],
    held = false,
  ): Promise<number> => {
    const checkSuite = await openSuite(repo, seed, held);
    live.set(seed.id, { repo, seed, actor, checkSuite });
    const account = actor.account ?? { login: "ghost", id: 10_137 };
    // a fork's pull request sees none of it: secrets, variables, what environments add
    const settings = seed.fromFork ? nothing : readSettings(repo);
    const request: RunRequest = {
      ...seed,
      secrets: settings.secrets,
      vars: settings.vars,
      environments: settings.environments,
      event: { ...seed.event, payload: Object.freeze(seed.event.payload) },
      repository: {
        fullName: repo.fullName,
        id: repo.id,
        ownerId: forge.account(repo.record.owner)?.id ?? 0,
        defaultBranch: repo.record.default_branch,
      },
      source: sourceAt(repo, seed.ref, seed.workflowSha, folder),
      refProtected: false,
      triggeringActor: { login: account.login, id: account.id },
      attempt,
      reuse,
    };
    if (held) {
      const record = createRecord(forge.instant(), request);
      onRun({ ...record });
      // this is how GitHub shows what waits for an approval
      onRun({ ...record, status: "completed", conclusion: "action_required" });
    } else executor.start(request);
    return seed.id;
  };

  const runs: Runs = {
    async workflows(repo) {
      const subject = await ofRef(repo, `refs/heads/${repo.record.default_branch}`, "");
      if (subject === undefined) return [];
      const source = sourceAt(repo, subject.ref, subject.sha, folder);
      const found: WorkflowRecord[] = [];
      for (const path of await workflowPaths(source)) {
        const reading = await readWorkflow(path, (await source.read(path)) ?? "");
        const name = reading.kind === "workflow" ? reading.workflow.name : reading.name;
        found.push(openWorkflow(forge, repo, path, name));
      }
      return found;
    },
    async dispatch(repo, workflow, ref, inputs, actor) {
      const subject = await ofRef(repo, ref, workflow.name);
      const content =
        subject === undefined ? undefined : await sourceAt(repo, ref, subject.sha, folder).read(workflow.path);
      if (!readSettings(repo).enabled) return { kind: "refused", message: "Actions are disabled for this repository" };
      if (subject === undefined || content === undefined) {
        return { kind: "refused", message: `Workflow file "${workflow.path}" does not exist on "${ref}"` };
      }
      const reading = await readWorkflow(workflow.path, content);
      const triggers = reading.kind === "workflow" ? reading.workflow.triggers : reading.triggers;
      if (triggers?.dispatch === undefined) {
        return { kind: "refused", message: "Workflow does not have 'workflow_dispatch' trigger" };
      }
      if (JSON.stringify(inputs).length > inputsLimit) {
        return { kind: "refused", message: "inputs are too large." };
      }
      const environments = Object.keys(readSettings(repo).environments);
      const read = readDispatchInputs(triggers.dispatch, inputs, environments);
      if (read.kind === "refused") return read;
      const payload = {
        inputs: read.texts,
        ref,
        workflow: workflow.path,
        repository: presentRepository(forge, repo),
        sender: presentAccount(forge.urls, actor.account ?? undefined),
      };
      const event = { name: "workflow_dispatch", payload };
      const run = await runs.start(repo, workflow.path, workflow.name, event, subject, actor, { inputs: read.typed });
      return { kind: "started", run };
    },
    async start(repo, path, name, event, subject, actor, { inputs = {}, depth = 0, held = false } = {}) {
      const workflow = openWorkflow(forge, repo, path, name);
      const account = actor.account ?? { login: "ghost", id: 10_137 };
      const {
        branch: _branch,
        tag: _tag,
        changed: _changed,
        skippable: _skippable,
        headRepository,
        ...about
      } = subject;
      const seed: RunSeed = {
        ...about,
        id: forge.nextId(),
        workflow: path,
        workflowId: workflow.id,
        event,
        headRepository: headRepository.fullName,
        headRepositoryId: headRepository.id,
        actor: { login: account.login, id: account.id },
        title: subject.title || name,
        inputs,
        fromFork: headRepository.id !== repo.id,
        runNumber: nextRunNumber(repo, workflow.id),
        depth,
      };
      await forge.files.put(seedKey(seed.id), Buffer.from(JSON.stringify(seed)));
      const author = seed.fromFork ? textOf(objectOf(objectOf(event.payload, "pull_request"), "user"), "login") : "";
      const waits = held || (seed.fromFork && needsApproval(repo, [author, account.login]));
      return launch(repo, seed, actor, 1, new Map(), waits);
    },
    async approve(repo, run) {
      const account = forge.account(run.triggeringActor);
      const actor: Actor = account === undefined ? { kind: "anonymous", account: null } : { kind: "user", account };
      await launch(repo, await readSeed(forge, run.id), actor, 1, new Map());
    },
    cancel: (run, how, reason) => executor.cancel(run, how, reason),
    async again(repo, run, actor, failedOnly) {
      const seed = await readSeed(forge, run.id);
      repo.store<StoredRun & { of: number }>("past-workflow-runs").add({ ...run, id: forge.nextId(), of: run.id });
      const kept = jobsOf(repo, run.id).filter((job) => job.attempt === run.attempt && job.conclusion === "success");
      const reuse = new Map(failedOnly ? kept.map((job) => [job.key, job] as const) : []);
      await launch(repo, seed, actor, run.attempt + 1, reuse);
    },
    async pastAttempt(repo, run, attempt) {
      const past = repo
        .store<StoredRun & { of: number }>("past-workflow-runs")
        .find((one) => one.of === run && one.attempt === attempt);
      return Promise.resolve(past === undefined ? undefined : { ...past, id: run });
    },
    logPath: (job) => executor.logPath(job),
  };
  return runs;
}

function seedKey(run: number): string {
  return `runs/${run}.json`;
}

async function readSeed(forge: Forge, run: number): Promise<RunSeed> {
  const text = await readFile(forge.files.path(seedKey(run)), "utf8");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `start` wrote it
  return JSON.parse(text) as RunSeed;
}

/** Paths of the workflow files of a commit. */
export async function workflowPaths(source: { list(folder: string): Promise<string[]> }): Promise<string[]> {
  const names = await source.list(".github/workflows");
  return names.filter((name) => /\.ya?ml$/.test(name)).map((name) => `.github/workflows/${name}`);
}
