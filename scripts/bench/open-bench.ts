import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { openClone } from "#cli/demo/clone.ts";
import { listenAt, readCredentials } from "#cli/sandbox/app-credentials.ts";
import { startSandbox, type Sandbox } from "#cli/sandbox/start-sandbox.ts";
import type { RecordedRequest, Repo } from "#sandbox/forge/contract.ts";
import { people, type StoryVerbs } from "#test/flow/story/people.ts";
import { here, name, owner, repositoryFiles, type Files } from "#test/flow/story/repository-files.ts";
import { startAppProcess, type AppProcess } from "./start-app-process.ts";
import { startRelay, type Relay } from "./start-relay.ts";

/** A job of a run, and how long it took. */
export type TimedJob = { event: string; name: string; milliseconds: number };

/** A repository on a sandbox, with the app in a process of its own and a note of all that is asked and told. */
export type Bench = StoryVerbs & {
  sandbox: Sandbox;
  repo: Repo;
  /** ada's client */
  octokit: Octokit;
  app: AppProcess;
  relay: Relay;
  files: Files;
  jobs: readonly TimedJob[];
  /** requests that the app or a job's token made since this many had been made by anybody */
  requestsSince(count: number): readonly TimedRequest[];
  /** how many requests anybody has made */
  requests(): number;
  close(): Promise<void>;
};

export type TimedRequest = RecordedRequest & { endedMs: number };

/** Opens it: ada's repository "shop" holds the model churn, and nothing has run yet. */
export async function openBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-bench-"));
  const jobs: TimedJob[] = [];
  const begun = new Map<number, number>();
  const sandbox = await startSandbox({
    folder: join(folder, "sandbox"),
    app: false,
    onJob: ({ event }, { id, name: job, status, conclusion }) => {
      if (status === "in_progress" && !begun.has(id)) begun.set(id, performance.now());
      const started = begun.get(id);
      if (status === "completed" && conclusion === "success" && started !== undefined)
        jobs.push({ event, name: job, milliseconds: performance.now() - started });
    },
  });
  const { forge } = sandbox;
  const credentials = await readCredentials(forge, folder);
  const app = await startAppProcess({ ...credentials, apiUrl: forge.urls.api });
  const relay = await startRelay(app.url);
  listenAt(forge, credentials.appId, relay.url);
  for (const login of [owner, "ben"]) sandbox.person(login);
  const repo = await sandbox.createRepository(owner, name, { ben: "write" });
  const installed = forge.app(credentials.appId);
  if (installed !== undefined) forge.install(installed, owner);
  const settle = async (): Promise<void> => {
    for (let before = -1; before !== forge.requests.length;) {
      before = forge.requests.length;
      await sandbox.settle();
      await app.idle();
    }
  };
  const ada = sandbox.person(owner);
  const openAdasClone = async () =>
    await openClone({
      folder: join(folder, "clone"),
      url: ada.cloneUrl(`${owner}/${name}`),
      name: "Ada",
      email: "ada@example.com",
      date: () => forge.now(),
    });
  return {
    ...people({ ...sandbox, settle }, repo, openAdasClone),
    sandbox,
    repo,
    octokit: ada.octokit,
    app,
    relay,
    files: repositoryFiles("app", { churn: {} }),
    jobs,
    requests: () => forge.requests.length,
    requestsSince: (count) =>
      forge.requests.slice(count).flatMap((request) => {
        const isOurs = request.actor.endsWith("[bot]") && "startedMs" in request;
        return isOurs ? [{ ...request, endedMs: Number(request.startedMs) + request.durationMs }] : [];
      }),
    async close() {
      await relay.stop();
      app.stop();
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** The yardstick: how long one request to the API takes, in milliseconds. */
export async function timeRoundTrip({ octokit }: Bench): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < 100; round++) {
    const started = performance.now();
    await octokit.rest.git.getRef({ ...here, ref: "heads/main" });
    times.push(performance.now() - started);
  }
  return times;
}
