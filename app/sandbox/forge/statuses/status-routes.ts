import { githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { nodeId, presentAccount } from "#sandbox/forge/present/account.ts";
import { presentCommit } from "#sandbox/forge/present/commit.ts";
import { presentRepositoryBriefly } from "#sandbox/forge/present/repository.ts";
import { mustResolve } from "#sandbox/forge/routes/repository/commits.ts";
import { latestStatuses, type StatusRecord } from "./status-record.ts";

type Asked = Pick<StatusRecord, "state"> & Partial<Pick<StatusRecord, "context" | "target_url" | "description">>;

const mostPerContext = 1000;

function combine(statuses: readonly StatusRecord[]): string {
  if (statuses.some(({ state }) => state === "error" || state === "failure")) return "failure";
  return statuses.length > 0 && statuses.every(({ state }) => state === "success") ? "success" : "pending";
}

/** Commit statuses, the older sibling of check runs. */
export function registerStatuses(forge: ForgeInside): void {
  const present = (repo: Repo, one: StatusRecord): JsonObject => ({
    url: `${forge.urls.api}/repos/${repo.fullName}/statuses/${one.sha}`,
    avatar_url: null,
    id: one.id,
    node_id: nodeId("SC", one.id),
    state: one.state,
    description: one.description,
    target_url: one.target_url,
    context: one.context,
    created_at: one.created_at,
    updated_at: one.created_at,
  });
  const whole = (repo: Repo, one: StatusRecord): JsonObject => ({
    ...present(repo, one),
    creator: presentAccount(forge.urls, forge.account(one.creator)),
  });
  forge.route<Asked>("POST /repos/{owner}/{repo}/statuses/{sha}", {
    permission: { statuses: "write" },
    handler: async ({ repo, params, body, actor, login, now }) => {
      const commit = await repo.git.commit(params["sha"] ?? "");
      if (commit === undefined) throw githubError(422, `No commit found for SHA: ${params["sha"] ?? ""}`);
      const context = body.context ?? "default";
      const store = repo.store<StatusRecord>("statuses");
      if (store.list().filter((one) => one.sha === commit.sha && one.context === context).length >= mostPerContext) {
        throw githubError(422, "Validation Failed", [
          "This SHA and context has reached the maximum number of statuses.",
        ]);
      }
      const { state, target_url = null, description = null } = body;
      const record = store.add({
        id: forge.nextId(),
        sha: commit.sha,
        state,
        context,
        target_url,
        description,
        creator: login,
        created_at: now,
      });
      const about = { id: record.id, sha: commit.sha, name: repo.fullName, state, context, target_url, description };
      const presented = presentCommit(forge, repo, commit);
      const when = { created_at: now, updated_at: now };
      forge.emit(repo, "status", null, { ...about, ...when, commit: presented, branches: [], avatar_url: null }, actor);
      return { status: 201, body: whole(repo, record) };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/commits/{ref}/statuses", {
    permission: { statuses: "read" },
    handler: async (ctx) => {
      const { sha } = await mustResolve(ctx.repo, ctx.params["ref"] ?? "");
      const all = ctx.repo
        .store<StatusRecord>("statuses")
        .list()
        .filter((one) => one.sha === sha);
      return paginate(ctx, all.toReversed(), (one) => whole(ctx.repo, one));
    },
  });
  forge.route("GET /repos/{owner}/{repo}/commits/{ref}/status", {
    permission: { statuses: "read" },
    handler: async (ctx) => {
      const { repo } = ctx;
      const { sha } = await mustResolve(repo, ctx.params["ref"] ?? "");
      const latest = latestStatuses(repo, sha);
      const page = await paginate(ctx, latest, (one) => present(repo, one));
      const url = `${forge.urls.api}/repos/${repo.fullName}/commits/${sha}`;
      const body = {
        state: combine(latest),
        statuses: page.body,
        sha,
        total_count: latest.length,
        repository: presentRepositoryBriefly(forge, repo),
        commit_url: url,
        url: `${url}/status`,
      };
      return { ...page, body };
    },
  });
}
