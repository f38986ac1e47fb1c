import type { IncomingMessage, ServerResponse } from "node:http";
import { type Actor, type Forge, GithubError, type Repo } from "#sandbox/forge/contract.ts";
import { mayChangeWorkflows } from "#sandbox/forge/auth/demand-workflows.ts";
import { hasRole, mustSee, permit } from "#sandbox/forge/auth/permit.ts";
import { branchesLent } from "#sandbox/forge/forks/may-push.ts";
import { guardVariable } from "#sandbox/forge/git/workflow-guard.ts";
import { serveGit } from "./http-backend.ts";
import { readPushCommands } from "./push-commands.ts";
import type { Ref } from "#sandbox/forge/git/git-store.ts";

const gitPath = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack|HEAD|objects\/.*))$/;

export type Pushed = (repo: Repo, before: readonly Ref[], after: readonly Ref[], actor: Actor) => Promise<void>;

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
  /** what alone may be pushed to; undefined: any branch or tag */
  let only: ReadonlySet<string> | undefined;
  try {
    actor = authenticate(request);
    if (pushing && actor.kind === "anonymous") throw new GithubError(401, "Authentication required");
    repo = mustSee(actor, forge.repo(decodeURIComponent(owner), decodeURIComponent(name)));
    const lent = pushing ? branchesLent(forge, repo, actor) : new Set<string>();
    const isLent = lent.size > 0 && actor.kind === "user" && !hasRole(repo.roleOf(actor.account.login), "write");
    if (isLent) only = lent;
    else permit(actor, { contents: pushing ? "write" : "read" }, repo, {});
    if (rest === "/git-receive-pack") {
      const { changes } = await readPushCommands(request);
      const foreign = changes.find(({ name: ref }) => only?.has(ref) === false);
      if (foreign !== undefined) throw new GithubError(403, `Permission to ${repo.fullName} denied`);
    }
  } catch (cause) {
    refuse(request, response, cause, pushing);
    return true;
  }
  const user = actor.account?.login ?? "";
  const env: Record<string, string> = mayChangeWorkflows(actor) ? {} : { [guardVariable]: "1" };
  const answer = (): Promise<void> =>
    serveGit(request, response, { gitFolder: repo.gitFolder, path: rest, query, user, env });
  if (rest === "/git-receive-pack") {
    await repo.git.exclusively(async () => {
      const before = await repo.git.refs();
      await answer();
      await pushed(repo, before, await repo.git.refs(), actor);
    });
  } else await answer();
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
