import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { join, resolve } from "node:path";
import { createValidator } from "#sandbox/openapi/validator.ts";
import { addAccount, addActionsApp, addJobToken, addUserToken, removeToken } from "./admin/accounts.ts";
import { addApp, addInstallation, type NewApp } from "./admin/apps.ts";
import { addRepository } from "./admin/repositories.ts";
import { authenticate } from "./auth/authenticate.ts";
import type {
  Actor,
  Files,
  Forge,
  ForgeEvent,
  ForgeOptions,
  JsonObject,
  RecordedRequest,
  Repo,
  RouteOptions,
  Urls,
  Validator,
} from "./contract.ts";
import { PostOffice } from "./events/post-office.ts";
import { FaultPlan } from "./faults/fault-plan.ts";
import { breakExchange } from "./http/break-exchange.ts";
import { answerRequest } from "./http/answer-request.ts";
import { close, listen } from "./http/listen.ts";
import { RateLimit } from "./http/rate-limit.ts";
import { RequestLog } from "./http/request-log.ts";
import { Router } from "./http/router.ts";
import { serveRepository } from "./http/serve-repository.ts";
import { announcePush } from "./pulls/announce-push.ts";
import { revertPull } from "./pulls/revert-pull.ts";
import { setDraft } from "./pulls/set-draft.ts";
import { testMerge } from "./pulls/test-merge.ts";
import { dequeuePull, enqueuePull } from "./queue/enqueue.ts";
import { advanceQueues } from "./queue/merge-queues.ts";
import type { ForgeInside } from "./inside.ts";
import type { Account, AppRecord, InstallationRecord, Permissions, RepositoryRecord } from "./records.ts";
import { restParts } from "./routes/register.ts";
import { lockFolder } from "./storage/folder-lock.ts";
import { State } from "./storage/state.ts";
import { openFiles } from "./storage/stored-files.ts";

type Mount = { prefix: string; handle: Parameters<Forge["mount"]>[1] };

const dayMs = 86_400_000;

/** A GitHub on this machine, in one folder. What it remembers survives `stop` and the end of the process. */
export class LocalForge implements ForgeInside {
  readonly folder: string;
  readonly urls: Urls = {
    server: "http://127.0.0.1:0",
    api: "http://127.0.0.1:0",
    uploads: "http://127.0.0.1:0/uploads",
  };
  readonly failures: string[] = [];
  readonly files: Files;
  readonly validator: Validator;
  readonly state: State;
  readonly office: PostOffice;
  readonly tokenClock: () => Date;
  readonly #clock: () => Date;
  readonly #router = new Router();
  readonly #mounts: Mount[] = [];
  readonly limit = new RateLimit();
  readonly faults = new FaultPlan();
  readonly #log = new RequestLog(() => this.instant());
  #server: Server | undefined;
  #unlock: (() => void) | undefined;
  readonly #answering = new Set<Promise<void>>();

  constructor(options: ForgeOptions) {
    this.folder = resolve(options.folder);
    this.#clock = options.clock ?? (() => new Date());
    this.tokenClock = options.tokenClock ?? (() => new Date());
    this.validator = options.validator ?? createValidator();
    this.state = new State(this.folder);
    this.files = openFiles(join(this.folder, "files"));
    this.office = new PostOffice(this, this.state);
    addActionsApp(this.state, this.instant());
    for (const part of restParts) part(this);
    for (const part of options.parts ?? []) part(this);
  }

  get requests(): readonly RecordedRequest[] {
    return this.#log.entries;
  }

  async start(port = 0): Promise<{ url: string; port: number }> {
    if (this.#server !== undefined) throw new Error(`Cannot start the sandbox: it runs on "${this.urls.server}"`);
    const unlock = lockFolder(join(this.folder, "lock"));
    const opened = await listen((request, response) => this.#take(request, response), port).catch((cause: unknown) => {
      unlock();
      throw cause;
    });
    this.#server = opened.server;
    this.#unlock = unlock;
    const server = `http://127.0.0.1:${opened.port}`;
    Object.assign(this.urls, { server, api: server, uploads: `${server}/uploads` });
    return { url: server, port: opened.port };
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await close(server);
    await this.office.stop();
    await this.office.settled();
    await Promise.allSettled(this.#answering);
    this.state.close();
    this.#unlock?.();
  }

  route<B = JsonObject>(pattern: string, options: RouteOptions<B>): void {
    this.#router.add(pattern, options);
  }

  mount(prefix: string, handle: Mount["handle"]): void {
    this.#mounts.push({ prefix, handle });
    this.#mounts.sort((a, b) => b.prefix.length - a.prefix.length);
  }

  on(event: string, listener: (event: ForgeEvent) => void | Promise<void>): void {
    this.office.on(event, listener);
  }

  emit(
    repo: Repo,
    event: string,
    action: string | null,
    payload: JsonObject,
    actor: Actor,
    more: { app?: number; ready?: Promise<unknown> } = {},
  ): void {
    this.office.emit(repo, event, action, payload, actor, more);
  }

  testMerge(repo: Repo, number: number): Promise<string | null> {
    return testMerge(this, repo, number);
  }

  settled(): Promise<void> {
    return this.office.settled();
  }

  fail(message: string): void {
    this.failures.push(message);
  }

  nextId(): number {
    return this.state.nextId();
  }

  now(): Date {
    return this.#clock();
  }

  instant(): string {
    return this.now()
      .toISOString()
      .replace(/\.\d{3}Z$/, "Z");
  }

  account(login: string): Account | undefined {
    return this.state.account(login);
  }

  app(id: number): AppRecord | undefined {
    return this.state.apps.get(id);
  }

  repo(owner: string, name: string): Repo | undefined {
    return this.state.repository(owner, name);
  }

  repoById(id: number): Repo | undefined {
    return this.state.repositories.get(id);
  }

  repos(): Repo[] {
    return [...this.state.repositories.values()];
  }

  createUser(login: string, more: Partial<Omit<Account, "id" | "login">> = {}): Account {
    return addAccount(this.state, {
      type: "User",
      name: null,
      email: null,
      created_at: this.instant(),
      ...more,
      login,
    });
  }

  createToken(login: string): string {
    return addUserToken(this.state, login);
  }

  createRepository(repository: { owner: string; name: string } & Partial<RepositoryRecord>): Promise<Repo> {
    return addRepository(this.state, this.instant(), repository);
  }

  createApp(app: NewApp): { app: AppRecord; privateKey: string } {
    return addApp(this.state, this.instant(), app);
  }

  install(app: AppRecord, account: string, repositories?: readonly Repo[]): InstallationRecord {
    return addInstallation(this, this.state, this.office, app, account, repositories);
  }

  createHook(repo: Repo, hook: { url: string; secret?: string; events: readonly string[] }): number {
    const { url, secret = null, events } = hook;
    const target = { kind: "repository", repository: repo.id } as const;
    return this.state.hooks.add({ id: this.nextId(), target, url, secret, events, active: true }).id;
  }

  createJobToken(repo: Repo, permissions: Permissions, run: number | null = null): string {
    const expires_at = new Date(this.tokenClock().getTime() + dayMs).toISOString();
    return addJobToken(this.state, { repository: repo.id, permissions, run, expires_at });
  }

  revokeToken(token: string): void {
    removeToken(this.state, token);
  }

  setDraft(repo: Repo, number: number, draft: boolean, login: string): Promise<void> {
    return setDraft(this, repo, number, draft, login);
  }

  enqueue(repo: Repo, number: number, login: string): Promise<void> {
    return enqueuePull(this, repo, number, login);
  }

  dequeue(repo: Repo, number: number, login: string): Promise<void> {
    return dequeuePull(this, repo, number, login);
  }

  async wake(): Promise<void> {
    await Promise.all(this.repos().map((repo) => advanceQueues(this, repo)));
  }

  revertPull(repo: Repo, number: number, login: string): Promise<number> {
    return revertPull(this, repo, number, login);
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const answer = this.#answer(request, response).finally(() => this.#answering.delete(answer));
    this.#answering.add(answer);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const whom = (one: IncomingMessage): Actor => authenticate(this.state, one, this.tokenClock());
    try {
      for (const { prefix, handle } of this.#mounts) {
        if (request.url?.startsWith(prefix) !== true) continue;
        const asked = { names: [`${request.method ?? ""} ${request.url}`], actor: "" };
        // oxlint-disable-next-line no-await-in-loop -- the longest prefix first, until one takes it
        if (await breakExchange(this.faults, asked, request, response)) return;
        // oxlint-disable-next-line no-await-in-loop -- see above
        if ((await handle(request, response)) !== false) return;
      }
      const isGit = await serveRepository(this, request, response, whom, (...push) => announcePush(this, ...push));
      if (isGit) return;
      await answerRequest(
        {
          forge: this,
          router: this.#router,
          limit: this.limit,
          log: this.#log,
          authenticate: whom,
          tokenClock: this.tokenClock,
        },
        request,
        response,
      );
    } catch (cause) {
      this.fail(
        `${request.method ?? ""} ${request.url ?? ""}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`,
      );
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  }
}

/** Opens the forge of a folder (made if missing). `start` answers requests. */
export function createForge(options: ForgeOptions): LocalForge {
  return new LocalForge(options);
}
