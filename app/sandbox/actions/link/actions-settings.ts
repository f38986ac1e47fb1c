import type { EnvironmentSettings } from "#sandbox/actions/run/run-request.ts";
import type { Repo } from "#sandbox/forge/contract.ts";

/** Secrets and variables of a repository, and what its environments add. */
export type RepositorySettings = {
  secrets: Readonly<Record<string, string>>;
  vars: Readonly<Record<string, string>>;
  environments: Readonly<Record<string, EnvironmentSettings>>;
};

type Stored = RepositorySettings & { id: number };

const none: RepositorySettings = { secrets: {}, vars: {}, environments: {} };

export function readSettings(repo: Repo): RepositorySettings {
  const { secrets, vars, environments } = repo.store<Stored>("actions-settings").get(repo.id) ?? none;
  return { secrets, vars, environments };
}

/** Replaces what is named. */
export function changeSettings(repo: Repo, change: Partial<RepositorySettings>): void {
  const store = repo.store<Stored>("actions-settings");
  if (store.get(repo.id) === undefined) store.add({ id: repo.id, ...none, ...change });
  else store.set(repo.id, change);
}
