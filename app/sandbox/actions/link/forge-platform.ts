import { join } from "node:path";
import type { Platform } from "#sandbox/actions/run/platform.ts";
import { cacheScopes } from "#sandbox/actions/service/cache-scopes.ts";
import type { RuntimeTokens } from "#sandbox/actions/service/runtime-tokens.ts";
import { createGitSource } from "#sandbox/actions/workflow/git-source.ts";
import type { JobPermissions } from "#sandbox/actions/workflow/permissions.ts";
import type { Source } from "#sandbox/actions/workflow/source.ts";
import type { Forge, Repo } from "#sandbox/forge/contract.ts";
import type { PermissionName, Permissions } from "#sandbox/forge/records.ts";

/** Permissions of workflows that the forge knows, by its own names. */
const forgeNames: Readonly<Record<string, PermissionName>> = {
  actions: "actions",
  attestations: "attestations",
  checks: "checks",
  contents: "contents",
  deployments: "deployments",
  "id-token": "id-token",
  issues: "issues",
  packages: "packages",
  pages: "pages",
  "pull-requests": "pull_requests",
  statuses: "statuses",
};

/** What the executor asks of a forge, but for the telling of records. */
export function createForgePlatform(
  forge: Forge,
  tokens: RuntimeTokens,
  folder: string,
  tell: Pick<Platform, "onRun" | "onJob">,
): Platform {
  const find = (repository: string): Repo | undefined => {
    const [owner = "", name = ""] = repository.split("/");
    return forge.repo(owner, name);
  };
  return {
    now: () => forge.now(),
    nextId: () => forge.nextId(),
    urls: {
      get server() {
        return publicUrl(forge);
      },
      get api() {
        return forge.urls.api;
      },
      get results() {
        return forge.urls.server;
      },
      get git() {
        return publicUrl(forge);
      },
    },
    async source(repository, ref) {
      const repo = find(repository);
      const sha = await repo?.git.resolve(ref);
      return repo === undefined || sha === undefined ? undefined : sourceAt(repo, ref, sha, folder);
    },
    home(repository) {
      const repo = find(repository);
      return repo === undefined ? undefined : { kind: "git", folder: repo.gitFolder };
    },
    issueTokens(request, run, job, permissions) {
      const repo = forge.repoById(request.repository.id);
      if (repo === undefined) throw new Error(`The repository "${request.repository.fullName}" is gone`);
      return {
        token: forge.createJobToken(repo, forgePermissions(permissions), run.id),
        runtime: tokens.issue({
          repository: repo.id,
          run: run.id,
          attempt: run.attempt,
          job: job.id,
          cacheScopes: cacheScopes(request),
        }),
      };
    },
    revokeToken: (token) => forge.revokeToken(token),
    ...tell,
  };
}

/** A commit of a repository of the forge. Actions are run from a copy that is made once a commit. */
export function sourceAt(repo: Repo, ref: string, sha: string, folder: string): Source {
  return createGitSource(
    { repository: repo.fullName, ref, sha, git: repo.git },
    join(folder, "commits", String(repo.id), sha),
  );
}

/** The artifact and cache clients refuse to work with a server whose name is not github.com, *.ghe.com or *.localhost. */
function publicUrl(forge: Forge): string {
  return forge.urls.server.replace("//127.0.0.1:", "//github.localhost:");
}

/** A token always reads the repository's metadata. */
export function forgePermissions(permissions: JobPermissions): Permissions {
  const known: Partial<Record<PermissionName, "read" | "write">> = { metadata: "read" };
  for (const [name, level] of Object.entries(permissions)) {
    const forgeName = forgeNames[name];
    if (forgeName !== undefined && level !== "none") known[forgeName] = level;
  }
  return known;
}
