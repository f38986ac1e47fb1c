import type { Forge, Repo } from "#sandbox/forge/contract.ts";

const rootOf = ({ id, record }: Repo): number => record.fork?.root ?? id;

/** All repositories that come of one by forking, this one first. */
export function networkOf(forge: Forge, repo: Repo): readonly Repo[] {
  return [repo, ...forge.repos().filter((one) => one.id !== repo.id && rootOf(one) === rootOf(repo))];
}

/** Forks made of this very repository, oldest first. */
export function forksOf(forge: Forge, repo: Repo): readonly Repo[] {
  return forge.repos().filter(({ record }) => record.fork?.parent === repo.id);
}

/** The branch that a pull request names as "branch", "owner:branch", or with the repository's name besides. */
export function findHead(
  forge: Forge,
  repo: Repo,
  head: string,
  name?: string,
): { source: Repo; ref: string } | undefined {
  const [owner = "", ref] = head.includes(":") ? head.split(/:(.*)/s, 2) : [repo.record.owner, head];
  const source = networkOf(forge, repo).find(
    ({ record }) =>
      record.owner.toLowerCase() === owner.toLowerCase() &&
      (name === undefined || record.name.toLowerCase() === name.toLowerCase()),
  );
  return source === undefined || ref === undefined ? undefined : { source, ref };
}
