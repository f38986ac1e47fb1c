import type { EnvironmentSettings } from "#sandbox/actions/run/run-request.ts";
import type { Repo } from "#sandbox/forge/contract.ts";

/** Whose pull requests from forks run only after somebody who may write has said so; GitHub's three choices. */
export type ApprovalPolicy =
  | "first_time_contributors_new_to_github"
  | "first_time_contributors"
  | "all_external_contributors";

/** Secrets and variables of a repository, what its environments add, and when it runs anything at all. */
export type RepositorySettings = {
  secrets: Readonly<Record<string, string>>;
  vars: Readonly<Record<string, string>>;
  environments: Readonly<Record<string, EnvironmentSettings>>;
  approvalPolicy: ApprovalPolicy;
  /** a fork runs no workflows of its own until its owner switches them on */
  enabled: boolean;
};

type Stored = Partial<RepositorySettings> & { id: number };

export function readSettings(repo: Repo): RepositorySettings {
  const { id: _, ...stored } = repo.store<Stored>("actions-settings").get(repo.id) ?? { id: 0 };
  return {
    secrets: {},
    vars: {},
    environments: {},
    approvalPolicy: "first_time_contributors",
    enabled: repo.record.fork === undefined,
    ...stored,
  };
}

/** Replaces what is named. */
export function changeSettings(repo: Repo, change: Partial<RepositorySettings>): void {
  const store = repo.store<Stored>("actions-settings");
  if (store.get(repo.id) === undefined) store.add({ id: repo.id, ...change });
  else store.set(repo.id, change);
}
