import { addRepository } from "#sandbox/forge/admin/repositories.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { forksOf } from "./network.ts";

/** Forks a repository for an account that has no fork of it yet; one that has is answered. */
export async function addFork(
  forge: ForgeInside,
  parent: Repo,
  wanted: { owner: string; name?: string; defaultBranchOnly?: boolean },
): Promise<Repo> {
  const known = forksOf(forge, parent).find(({ record }) => record.owner === wanted.owner);
  if (known !== undefined) return known;
  const { record, id } = parent;
  const fork = await addRepository(forge.state, forge.instant(), {
    owner: wanted.owner,
    name: freeName(forge, wanted.owner, wanted.name ?? record.name),
    description: record.description,
    private: record.private,
    default_branch: record.default_branch,
    fork: { parent: id, root: record.fork?.root ?? id },
  });
  const main = `refs/heads/${record.default_branch}`;
  const refs = (await parent.git.refs()).filter(({ name }) =>
    wanted.defaultBranchOnly === true ? name === main : /^refs\/(?:heads|tags)\//.test(name),
  );
  if (refs.length > 0) await fork.git.moveRefs(refs.map(({ name, sha }) => ({ name, before: null, after: sha })));
  return fork;
}

/** Where the name is taken GitHub counts: shop, shop-1, shop-2. */
function freeName(forge: ForgeInside, owner: string, name: string): string {
  let free = name;
  for (let count = 1; forge.repo(owner, free) !== undefined; count += 1) free = `${name}-${count}`;
  return free;
}
