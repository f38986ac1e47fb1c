import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import type { GitStore } from "./git/git-store.ts";
import type { FaultPlan } from "./faults/fault-plan.ts";
import type { Account, AppRecord, InstallationRecord, Permissions, RepositoryRecord, Role } from "./records.ts";

/**
 * What the parts of the sandbox build on: routes, state, events. A part is a function `(forge: Forge) => void` that adds
 * routes and listeners; it is named in routes/register.ts, or given to `createForge({ parts: [...] })`.
 */

export type JsonObject = Record<string, unknown>;

/** An answer of GitHub that is no success. Throw it from a handler; nothing else that is thrown reaches a client. */
export class GithubError extends Error {
  readonly status: number;
  readonly body: JsonObject;
  constructor(status: number, message: string, more: JsonObject = {}) {
    super(message);
    this.name = "GithubError";
    this.status = status;
    this.body = { message, ...more };
  }
}

export type FieldError = {
  resource: string;
  field?: string;
  code: "missing" | "missing_field" | "invalid" | "already_exists" | "unprocessable" | "custom";
  message?: string;
  value?: unknown;
};

/** An error in GitHub's shape: `throw githubError(422, "Validation Failed", [{ resource: "Issue", … }])`. */
export function githubError(status: number, message: string, errors?: readonly (FieldError | string)[]): GithubError {
  return new GithubError(status, message, {
    ...(errors === undefined ? {} : { errors }),
    documentation_url: "https://docs.github.com/rest",
    status: String(status),
  });
}

export type Actor =
  | { kind: "anonymous"; account: null }
  | { kind: "user"; account: Account }
  | { kind: "app"; account: Account; app: AppRecord }
  | {
      kind: "installation";
      /** slug[bot] */
      account: Account;
      app: AppRecord;
      installation: InstallationRecord;
      permissions: Permissions;
      /** ids; null: all of the installation */
      repositories: readonly number[] | null;
    }
  | {
      kind: "job";
      /** github-actions[bot] */
      account: Account;
      app: AppRecord;
      repository: number;
      permissions: Permissions;
      run: number | null;
    };

/** What a route asks of its caller. For a list, one of the alternatives is enough. */
export type Need = "none" | "user" | "app-jwt" | Permissions | readonly Permissions[];

export type Answer = {
  status: number;
  /** JSON, unless it is a Buffer or a stream (then `headers` names the content type). Leave out for an empty body. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
};

/** `B` is what the validator has checked the body to be: the part that writes the route vouches for it. */
export type Context<B = JsonObject> = {
  forge: Forge;
  /** method and template, as OpenAPI spells it: "GET /repos/{owner}/{repo}/contents/{path}" */
  operation: string;
  /** decoded path parameters */
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  body: B;
  request: IncomingMessage;
  /** lower-case media type asked for, such as "application/vnd.github.raw+json" */
  accept: string;
  /** "" outside of /repos/{owner}/{repo}: use `repo` only in routes that have both parameters */
  repo: Repo;
  actor: Actor;
  /** login of the actor; "" when anonymous */
  login: string;
  /** the forge's clock, ISO 8601 with seconds */
  now: string;
  /** the URL of this request without query, for links */
  url: string;
};

export type RouteOptions<B> = {
  permission: Need;
  /** What a person needs to be here; by default "read" for reading, "write" for writing, "admin" for administration. */
  role?: Role;
  /** People get 403 (check runs are written by apps only). */
  appsOnly?: boolean;
  handler: (ctx: Context<B>) => Answer | Promise<Answer>;
  /** "json" (default): parsed and validated. "raw": unread, in `ctx.request` (asset uploads). */
  input?: "json" | "raw";
  /** false: no part of GitHub's description of its REST API, against which all others are checked */
  described?: false;
  /** "api" (default): under / and /api/v3. "uploads": under /uploads. */
  base?: "api" | "uploads";
};

/** Records of one kind, in order of `id`, kept on disk. Records are plain JSON and are replaced, never mutated. */
export type Collection<T extends { id: number }> = {
  get(id: number): T | undefined;
  /** in insertion order; a fresh array */
  list(): T[];
  find(test: (record: T) => boolean): T | undefined;
  /** Adds a record. */
  add(record: T): T;
  /** Replaces fields of a record that exists; answers the new record. */
  set(id: number, change: Partial<T>): T;
  remove(id: number): boolean;
};

/** A repository: its record, its git folder, its collections. `store` names are free: one file on disk each. */
export type Repo = {
  readonly id: number;
  readonly record: RepositoryRecord;
  /** owner/name */
  readonly fullName: string;
  /** absolute path of the bare repository */
  readonly gitFolder: string;
  /** objects and refs; move refs inside `git.exclusively` */
  readonly git: GitStore;
  store<T extends { id: number }>(name: string): Collection<T>;
  /** The next number of an issue or pull request. */
  nextNumber(): number;
  change(change: Partial<RepositoryRecord>): void;
  /** What an account may do here; null: nothing (a private repository looks like 404 then). */
  roleOf(login: string): Role | null;
};

/** Bytes too big for JSON (assets, artifacts, logs), on disk by name. */
export type Files = {
  /** Stores a stream or buffer whole; answers size and SHA-256 (hex). */
  put(key: string, bytes: Readable | Uint8Array): Promise<{ size: number; sha256: string }>;
  /** undefined: not there */
  open(key: string): Promise<{ size: number; stream: Readable } | undefined>;
  /** absolute path for tools; the key holds letters, digits, `-`, `_`, `.` and `/` */
  path(key: string): string;
  remove(key: string): Promise<void>;
};

export type ForgeEvent = {
  guid: string;
  name: string;
  action: string | null;
  repo: Repo;
  /** the webhook's payload, with repository and sender */
  payload: JsonObject;
  /** who caused it; "job" (github-actions[bot]) starts no runs but by dispatch */
  actorKind: Actor["kind"];
  actor: Actor;
};

/** The strict part, by OpenAPI: throws GithubError(422 | 400…) for requests, plain errors for our own mistakes. */
export type Validator = {
  beforeRoute?(
    operation: string,
    request: {
      params: Readonly<Record<string, string>>;
      query: Readonly<Record<string, string>>;
      body: unknown;
    },
  ): void;
  afterRoute?(operation: string, response: { status: number; body: unknown; accept: string }): void;
  webhook?(event: string, action: string | null, payload: JsonObject): void;
  /** Adds every required field that a partial object lacks. */
  fill?(schema: string, partial: JsonObject): JsonObject;
  /** The same for a webhook's payload. */
  fillWebhook?(event: string, action: string | null, partial: JsonObject): JsonObject;
};

export type RecordedRequest = {
  /** counts from 1 */
  number: number;
  at: string;
  method: string;
  /** path with query, as sent */
  path: string;
  operation: string | null;
  /** login, "app/slug" for a JWT, "" for anonymous */
  actor: string;
  userAgent: string;
  status: number;
  /** a method other than GET and HEAD */
  write: boolean;
  durationMs: number;
};

export type Urls = {
  /** http://127.0.0.1:PORT, also where git is cloned from and what `html_url`s start with */
  server: string;
  /** = server; "/api/v3" answers too */
  api: string;
  uploads: string;
};

export type Forge = {
  readonly folder: string;
  readonly urls: Urls;
  start(port?: number): Promise<{ url: string; port: number }>;
  /** Ends deliveries and git processes, writes the state. */
  stop(): Promise<void>;
  route<B = JsonObject>(pattern: string, options: RouteOptions<B>): void;
  /**
   * Everything below this path prefix, unauthenticated and unrecorded (artifact service, blobs, pages). What `false` is
   * answered to, with nothing read or written, goes to the next shorter prefix, in the end to git and the API.
   */
  mount(prefix: string, handle: (request: IncomingMessage, response: ServerResponse) => MountAnswer): void;
  /** Called in order of the events, one at a time per listener; a rejection is kept in `failures`. `"*"`: all. */
  on(event: string, listener: (event: ForgeEvent) => void | Promise<void>): void;
  /**
   * Queues webhooks and listeners; adds action, repository, sender, installation to the payload. `app`: one
   * app's hook only. `ready`: listeners hear of it after that (a pull request's test merge), hooks at once.
   */
  emit(
    repo: Repo,
    event: string,
    action: string | null,
    payload: JsonObject,
    actor: Actor,
    more?: { app?: number; ready?: Promise<unknown> },
  ): void;
  /** The test merge of an open pull request, made if need be: its commit (parents: base, head), null on a conflict. */
  testMerge(repo: Repo, number: number): Promise<string | null>;
  /** Bad days on demand. */
  readonly faults: FaultPlan;
  /** Resolves when no delivery and no listener is under way. */
  settled(): Promise<void>;
  readonly requests: readonly RecordedRequest[];
  /** What went wrong inside: listeners, validator complaints about our own answers and payloads. Tests expect []. */
  readonly failures: readonly string[];
  fail(message: string): void;
  nextId(): number;
  now(): Date;
  /** ISO 8601, seconds */
  instant(): string;
  readonly files: Files;
  readonly validator: Validator;

  account(login: string): Account | undefined;
  app(id: number): AppRecord | undefined;
  repo(owner: string, name: string): Repo | undefined;
  repoById(id: number): Repo | undefined;
  repos(): Repo[];

  createUser(login: string, more?: Partial<Omit<Account, "id" | "login">>): Account;
  createToken(login: string): string;
  createRepository(repository: { owner: string; name: string } & Partial<RepositoryRecord>): Promise<Repo>;
  createApp(app: {
    slug: string;
    owner: string;
    permissions: Permissions;
    events: readonly string[];
    webhook?: { url: string; secret: string };
  }): { app: AppRecord; privateKey: string };
  /** Installs the app on an account: on all of its repositories, or on these. Sends `installation` created. */
  install(app: AppRecord, account: string, repositories?: readonly Repo[]): InstallationRecord;
  createHook(repo: Repo, hook: { url: string; secret?: string; events: readonly string[] }): number;
  /** A GITHUB_TOKEN: acts as github-actions[bot], with exactly these permissions, until revoked or for a day. */
  createJobToken(repo: Repo, permissions: Permissions, run?: number): string;
  revokeToken(token: string): void;
  /** What the buttons "Ready for review" and "Convert to draft" do. */
  setDraft(repo: Repo, number: number, draft: boolean, login: string): Promise<void>;
  /** What "Merge when ready" and "Remove from queue" do where a ruleset gives the branch a merge queue. */
  enqueue(repo: Repo, number: number, login: string): Promise<void>;
  dequeue(repo: Repo, number: number, login: string): Promise<void>;
  /** Does what has become due by the clock: time-outs of merge queues. */
  wake(): Promise<void>;
  /** What GitHub's button "Revert" does: branch, commit, pull request. Answers its number. */
  revertPull(repo: Repo, number: number, login: string): Promise<number>;
};

type MountAnswer = void | false | Promise<void | false>;

export type ForgePart = (forge: Forge) => void;

export type ForgeOptions = {
  folder: string;
  /** what the forge writes into records; tests and the demo move it */
  clock?: () => Date;
  /** what tokens expire by and JWTs are judged by: the clients' own clock, so the machine's by default */
  tokenClock?: () => Date;
  validator?: Validator;
  parts?: readonly ForgePart[];
};
