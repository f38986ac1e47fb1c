import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type Actor,
  type Answer,
  type Context,
  type Forge,
  GithubError,
  githubError,
  type JsonObject,
  type Repo,
} from "#sandbox/forge/contract.ts";
import { brokenAnswer, ConnectionLost, loseConnection } from "#sandbox/forge/faults/broken-answer.ts";
import type { Asked } from "#sandbox/forge/faults/fault-plan.ts";
import { anonymous } from "#sandbox/forge/auth/authenticate.ts";
import { mustSee, permit } from "#sandbox/forge/auth/permit.ts";
import type { RateLimit } from "./rate-limit.ts";
import { readBody } from "./read-body.ts";
import type { Match, Router } from "./router.ts";
import { sendAnswer } from "./send-answer.ts";
import type { RequestLog } from "./request-log.ts";

export type ApiServer = {
  forge: Forge;
  router: Router;
  limit: RateLimit;
  log: RequestLog;
  authenticate: (request: IncomingMessage) => Actor;
  tokenClock: () => Date;
};

const versions: ReadonlySet<string> = new Set(["2022-11-28", "2026-03-10"]);

type Target = { base: "api" | "uploads"; path: string; query: Record<string, string>; prefix: string };

/** Where the API lives: at the root, under /api/v3 as Enterprise Server has it, uploads apart. */
function readTarget(request: IncomingMessage): Target {
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  const whole = mark < 0 ? target : target.slice(0, mark);
  const query = Object.fromEntries(new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1)));
  for (const prefix of ["/api/uploads", "/uploads"]) {
    if (whole.startsWith(`${prefix}/`)) return { base: "uploads", path: whole.slice(prefix.length), query, prefix };
  }
  if (whole === "/api/graphql") return { base: "api", path: "/graphql", query, prefix: "/api" };
  const prefix = whole === "/api/v3" || whole.startsWith("/api/v3/") ? "/api/v3" : "";
  const path = whole.slice(prefix.length);
  return { base: "api", path: path === "" ? "/" : path, query, prefix };
}

/** Answers one REST request from authentication to the last byte, and records it. */
export async function answerRequest(
  server: ApiServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { forge, log } = server;
  const entry = log.begin(request);
  response.setHeader("x-github-request-id", randomUUID().slice(0, 23).toUpperCase().replaceAll("-", ":"));
  response.setHeader("x-github-media-type", "github.v3; format=json");
  response.setHeader("date", forge.now().toUTCString());
  response.setHeader("access-control-allow-origin", "*");
  let actor: Actor = anonymous;
  let answer: Answer;
  try {
    actor = server.authenticate(request);
    entry.actor = actor.kind === "app" ? `app/${actor.app.slug}` : (actor.account?.login ?? "");
    const asked = readTarget(request);
    answer = await route(server, request, response, actor, asked, entry);
  } catch (cause) {
    if (cause instanceof ConnectionLost) {
      await loseConnection(response, cause);
      log.finish(entry, 0);
      return;
    }
    answer = answerError(forge, request, cause);
  }
  // what of the body nobody read must not be taken for the next request
  if (!request.complete) request.resume();
  const status = sendAnswer(request, response, answer);
  if (status === 304) server.limit.refund(actor, server.tokenClock().getTime());
  log.finish(entry, status);
}

function answerError(forge: Forge, request: IncomingMessage, cause: unknown): Answer {
  if (cause instanceof GithubError) return { status: cause.status, body: cause.body };
  if (cause instanceof URIError) return { status: 400, body: githubError(400, "Bad Request").body };
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  forge.fail(`${request.method ?? ""} ${request.url ?? ""}: ${text}`);
  return { status: 500, body: githubError(500, "Server Error").body };
}

/** Does the work, unless a fault comes before it; answers what comes of it, unless a fault comes after. */
async function withFaults(forge: Forge, asked: Asked, work: () => Promise<Answer>): Promise<Answer> {
  const before = forge.faults.ofRequest(asked, "before");
  if (before !== undefined) return brokenAnswer(before);
  const answer = await work();
  const after = forge.faults.ofRequest(asked, "after");
  return after === undefined ? answer : brokenAnswer(after);
}

async function route(
  server: ApiServer,
  request: IncomingMessage,
  response: ServerResponse,
  actor: Actor,
  asked: Target,
  entry: { operation: string | null; actor: string },
): Promise<Answer> {
  const { forge, router, limit, tokenClock } = server;
  if (request.headers["user-agent"] === undefined) {
    throw githubError(
      403,
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent header",
    );
  }
  const version = request.headers["x-github-api-version"];
  if (typeof version === "string" && !versions.has(version)) {
    throw githubError(400, `The requested API version "${version}" is not supported`);
  }
  response.setHeader("x-github-api-version-selected", typeof version === "string" ? version : "2022-11-28");
  for (const [name, value] of Object.entries(limit.count(actor, tokenClock().getTime())))
    response.setHeader(name, value);
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  const match = router.find(asked.base, method, asked.path);
  if (match === undefined) throw unknownPath(method, asked.path);
  entry.operation = match.route.operation;
  const names = [entry.operation, `${method} ${asked.path}`];
  return withFaults(forge, { names, actor: entry.actor }, () => handle(forge, request, actor, asked, match));
}

function unknownPath(method: string, path: string): GithubError {
  return githubError(
    501,
    `The sandbox does not know "${method} ${path.slice(0, 200)}": it answers a part of GitHub's REST API only`,
  );
}

async function handle(
  forge: Forge,
  request: IncomingMessage,
  actor: Actor,
  asked: Target,
  match: Match,
): Promise<Answer> {
  const { options, operation } = match.route;
  const { owner, repo: name } = match.params;
  const named = owner === undefined || name === undefined ? undefined : { found: forge.repo(owner, name) };
  // an app asks for its installation on a repository that no token of its own reaches yet
  const isApp = options.permission === "app-jwt";
  const repo: Repo | undefined = named === undefined || isApp ? named?.found : mustSee(actor, named.found);
  if (named !== undefined && repo === undefined) throw githubError(404, "Not Found");
  permit(actor, options.permission, repo, options);
  const body: JsonObject = options.input === "raw" || request.method === "GET" ? {} : await readBody(request);
  if (options.described !== false) {
    forge.validator.beforeRoute?.(operation, {
      params: match.params,
      query: asked.query,
      body: options.input === "raw" ? undefined : body,
    });
  }
  const accept = (request.headers.accept ?? "*/*").toLowerCase();
  const context: Context = {
    forge,
    operation,
    params: match.params,
    query: asked.query,
    body,
    request,
    accept,
    get repo(): Repo {
      if (repo === undefined) throw new Error(`"${operation}" has no repository`);
      return repo;
    },
    actor,
    login: actor.account?.login ?? "",
    now: forge.instant(),
    url: `${forge.urls.server}${asked.prefix}${asked.path}`,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the part that wrote the route vouches for the body
  const answer = await options.handler(context as Context<never>);
  if (options.described === false) return answer;
  try {
    forge.validator.afterRoute?.(operation, { status: answer.status, body: answer.body, accept });
  } catch (cause) {
    forge.fail(
      `${operation} answered ${answer.status} against GitHub's description: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  return answer;
}
