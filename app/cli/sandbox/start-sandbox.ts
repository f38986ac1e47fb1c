import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { createOctokit } from "#github/create-octokit.ts";
import type { Octokit } from "@octokit/rest";
import { startApp, type RunningApp } from "#app/server.ts";
import { createActions, type Actions, type ActionsSettings } from "#sandbox/actions/actions.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import type { AppRecord } from "#sandbox/forge/records.ts";
import { createForge, type LocalForge } from "#sandbox/forge/forge.ts";
import { createPerson, type Person } from "./person.ts";
import { ensureBundles } from "./ensure-bundles.ts";
import { servePages } from "./pages/serve-pages.ts";
import { listenAt, readCredentials } from "./app-credentials.ts";

/** The repository of this project, whose workflow and actions the sandbox's repositories call. */
export const projectName = "trainyard/trainyard";
export const projectFolder = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

export type SandboxOptions = {
  /** where its state lives; a folder with a sandbox goes on where it stopped */
  folder: string;
  port?: number | undefined;
  /** run the Probot app beside it, installed on every owner that is created here */
  app: boolean;
  onJob?: ActionsSettings["onJob"];
  onRun?: ActionsSettings["onRun"];
  onProblem?: ((key: string, error: unknown) => void) | undefined;
  settings?: Partial<ActionsSettings>;
};

export type Sandbox = {
  forge: LocalForge;
  actions: Actions;
  url: string;
  /** the link to its pages that lets a browser act in people's names */
  pages: string;
  app: RunningApp | undefined;
  /** moves the forge's clock and starts the schedules that became due */
  pass(milliseconds: number): Promise<void>;
  /** resolves when no webhook, no run and no work of the app is left */
  settle(): Promise<void>;
  /** an account with a token; made where it is missing */
  person(login: string): Person;
  /** An empty repository; the app is installed on its owner. */
  createRepository(
    owner: string,
    name: string,
    collaborators?: Readonly<Record<string, "read" | "write" | "admin">>,
  ): Promise<Repo>;
  /** a client in a person's name */
  octokit(token: string): Octokit;
  stop(): Promise<void>;
};

/** Starts a GitHub on this machine, with a runner, and the app on it. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  let offsetMs = 0;
  await mkdir(options.folder, { recursive: true });
  await ensureBundles(projectFolder);
  const actions = createActions({
    repositories: { [projectName]: projectFolder },
    ...options.settings,
    ...(options.onJob === undefined ? {} : { onJob: options.onJob }),
    ...(options.onRun === undefined ? {} : { onRun: options.onRun }),
  });
  const forge = createForge({
    folder: options.folder,
    clock: () => new Date(Date.now() + offsetMs),
    parts: [actions.part],
  });
  const { url } = await forge.start(options.port);
  const app = options.app ? await installApp(forge, options) : undefined;
  const people = new Map<string, Person>();
  const octokit = (token: string): Octokit => createOctokit({ token, baseUrl: url });
  const settle = async (): Promise<void> => {
    for (let before = -1; before !== forge.requests.length;) {
      before = forge.requests.length;
      // oxlint-disable-next-line no-await-in-loop -- work brings work: until a whole round is quiet
      await actions.idle();
      // oxlint-disable-next-line no-await-in-loop -- see above
      await app?.running.idle();
    }
  };
  const person = (login: string): Person => {
    const known = people.get(login) ?? createPerson(forge, login, octokit);
    people.set(login, known);
    return known;
  };
  const pages = servePages({ forge, logPath: (job) => actions.logPath(job), person });
  return {
    forge,
    actions,
    url,
    pages: pages.link(),
    app: app?.running,
    async pass(milliseconds) {
      offsetMs += milliseconds;
      await actions.wake();
    },
    settle,
    octokit,
    person,
    async createRepository(owner, name, collaborators = {}) {
      if (forge.account(owner) === undefined) forge.createUser(owner);
      const repo = await forge.createRepository({ owner, name, collaborators: { ...collaborators } });
      app?.install(owner);
      return repo;
    },
    async stop() {
      await app?.running.stop();
      await actions.stop();
      await forge.stop();
    },
  };
}

async function installApp(
  forge: LocalForge,
  options: SandboxOptions,
): Promise<{ running: RunningApp; install(owner: string): void }> {
  const known = await readCredentials(forge, options.folder);
  const running = await startApp({
    ...known,
    apiUrl: forge.urls.api,
    onProblem: options.onProblem,
    // nothing is lost here but on purpose, and whoever loses it sweeps
    sweeps: false,
    backOffMs: 50,
  });
  listenAt(forge, known.appId, running.url);
  return {
    running,
    install(owner) {
      const app = forge.app(known.appId);
      if (app !== undefined) installOnce(forge, app, owner);
    },
  };
}

function installOnce(forge: LocalForge, app: AppRecord, owner: string): void {
  try {
    forge.install(app, owner);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes("it is installed there")) throw error;
  }
}
