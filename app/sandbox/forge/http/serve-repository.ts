import type { IncomingMessage, ServerResponse } from "node:http";
import { type Actor, type Forge, GithubError, type Repo } from "#sandbox/forge/contract.ts";
import { hasRole, mustSee, permit } from "#sandbox/forge/auth/permit.ts";
import { branchesLent } from "#sandbox/forge/forks/may-push.ts";
import { breakExchange } from "./break-exchange.ts";
import { serveGit } from "./http-backend.ts";
import { readPushCommands } from "./push-commands.ts";
import { type Pushed, receivePush } from "./receive-push.ts";

const gitPath = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack|HEAD|objects\/.*))$/;

/** Answers git's own requests (clone, fetch, push). False: this is none. */
export async function serveRepository(
  forge: Forge,
  request: IncomingMessage,
  response: ServerResponse,
  authenticate: (request: IncomingMessage) => Actor,
  pushed: Pushed,
): Promise<boolean> {
  const [path = "", query = ""] = (request.url ?? "").split("?", 2);
  const match = gitPath.exec(path);
  if (match === null) return false;
  const [, owner = "", name = "", rest = ""] = match;
  const pushing = rest === "/git-receive-pack" || query.includes("service=git-receive-pack");
  let repo: Repo;
  let actor: Actor;
  let push: Awaited<ReturnType<typeof readPushCommands>> | undefined;
  try {
    actor = authenticate(request);
    if (pushing && actor.kind === "anonymous") throw new GithubError(401, "Authentication required");
    repo = mustSee(actor, forge.repo(decodeURIComponent(owner), decodeURIComponent(name)));
    const lent = pushing ? branchesLent(forge, repo, actor) : new Set<string>();
    const isLent = lent.size > 0 && actor.kind === "user" && !hasRole(repo.roleOf(actor.account.login), "write");
    if (!isLent) permit(actor, { contents: pushing ? "write" : "read" }, repo, {});
    if (rest === "/git-receive-pack") push = await readPushCommands(request);
    if (isLent && push?.changes.some(({ name: ref }) => !lent.has(ref)) === true) {
      throw new GithubError(403, `Permission to ${repo.fullName} denied`);
    }
  } catch (cause) {
    refuse(request, response, cause, pushing);
    return true;
  }
  const user = actor.account?.login ?? "";
  const asked = { names: [`GIT /${repo.fullName}${rest}`], actor: user };
  if (await breakExchange(forge.faults, asked, request, response)) return true;
  if (forge.faults.ofRequest(asked, "after") !== undefined) {
    // git has all that it needs: the push is done, and nobody is told
    request.once("end", () => response.destroy());
  }
  const serve = (env: Readonly<Record<string, string>>): Promise<void> =>
    serveGit(request, response, { gitFolder: repo.gitFolder, path: rest, query, user, env });
  if (push === undefined) await serve({});
  else await receivePush(forge, repo, actor, push, { request, response }, serve, pushed);
  // only now: whoever pushed finds that pull requests have followed
  response.end();
  return true;
}

function refuse(request: IncomingMessage, response: ServerResponse, cause: unknown, pushing: boolean): void {
  request.resume();
  const [status, message] = cause instanceof GithubError ? [cause.status, cause.message] : [500, "Server Error"];
  // git asks for a password only when it is told 401: an unknown private repository says so to strangers
  const asks = status === 401 || (status === 404 && request.headers.authorization === undefined);
  const headers = { "content-type": "text/plain", ...(asks ? { "www-authenticate": 'Basic realm="GitHub"' } : {}) };
  response.writeHead(asks ? 401 : status, headers);
  response.end(
    pushing && status === 403 ? "Permission to this repository denied: write access is not granted\n" : `${message}\n`,
  );
}
