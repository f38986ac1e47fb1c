import type { Forge, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { nodeId } from "#sandbox/forge/present/account.ts";

/** Collection "environments". */
export type EnvironmentRecord = {
  id: number;
  name: string;
  /** logins, one of whom must approve a job that uses it */
  reviewers: readonly string[];
  created_at: string;
  updated_at: string;
};

export function findEnvironment(repo: Repo, name: string): EnvironmentRecord | undefined {
  return repo.store<EnvironmentRecord>("environments").find((one) => one.name.toLowerCase() === name.toLowerCase());
}

/** The environment of this name, made on its first use as GitHub does. */
export function ensureEnvironment(forge: Forge, repo: Repo, name: string): EnvironmentRecord {
  const now = forge.instant();
  return (
    findEnvironment(repo, name) ??
    repo
      .store<EnvironmentRecord>("environments")
      .add({ id: forge.nextId(), name, reviewers: [], created_at: now, updated_at: now })
  );
}

/** Schema "environment". */
export function presentEnvironment(forge: Forge, repo: Repo, environment: EnvironmentRecord): JsonObject {
  const { id, name, created_at, updated_at } = environment;
  return {
    id,
    node_id: nodeId("EN", id),
    name,
    url: `${forge.urls.api}/repos/${repo.fullName}/environments/${encodeURIComponent(name)}`,
    html_url: `${forge.urls.server}/${repo.fullName}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at,
    updated_at,
    protection_rules: [],
    deployment_branch_policy: null,
  };
}
