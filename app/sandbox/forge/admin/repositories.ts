import { mkdirSync } from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { preReceiveHook } from "#sandbox/forge/git/workflow-guard.ts";
import type { RepositoryRecord } from "#sandbox/forge/records.ts";
import { runGit } from "#sandbox/forge/git/run-git.ts";
import { shareObjects } from "#sandbox/forge/storage/share-objects.ts";
import type { State } from "#sandbox/forge/storage/state.ts";
import type { StoredRepository } from "#sandbox/forge/storage/stored-repository.ts";

/** What GitHub's own repositories allow: any commit by id, partial clones, no push to refs/pull, no surprise clean-up. */
const settings = `[http]
	receivepack = true
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[receive]
	hideRefs = refs/pull
	fsckObjects = true
	autogc = false
[gc]
	auto = 0
[core]
	logAllRefUpdates = false
`;

/**
 * Makes a repository without refs, bare and on disk. Throws where the name is taken or is none. Like on GitHub all
 * repositories that come of one by forking have one store of objects: what one has, the others can read by id.
 */
export async function addRepository(
  state: State,
  now: string,
  wanted: { owner: string; name: string } & Partial<RepositoryRecord>,
): Promise<StoredRepository> {
  const { owner, name } = wanted;
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(name) || name.endsWith(".git")) {
    throw new Error(`Cannot create the repository "${owner}/${name}": a name holds letters, digits, ".", "-" and "_"`);
  }
  if (state.account(owner) === undefined)
    throw new Error(`Cannot create "${owner}/${name}": the account "${owner}" does not exist`);
  if (state.repository(owner, name) !== undefined) throw new Error(`Cannot create "${owner}/${name}": it exists`);
  const id = state.nextId();
  const folder = state.repositoryFolder(id);
  const branch = wanted.default_branch ?? "main";
  mkdirSync(folder, { recursive: true });
  await runGit(folder, ["init", "--quiet", "--bare", "--template=", `--initial-branch=${branch}`, "git"]);
  await appendFile(join(folder, "git", "config"), settings);
  if (wanted.fork !== undefined) {
    shareObjects(folder, state.repositoryFolder(wanted.fork.root));
  }
  await mkdir(join(folder, "git", "hooks"), { recursive: true });
  await writeFile(join(folder, "git", "hooks", "pre-receive"), preReceiveHook, { mode: 0o755 });
  return state.addRepository({
    description: null,
    private: false,
    default_branch: branch,
    collaborators: {},
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: true,
    delete_branch_on_merge: false,
    lastNumber: 0,
    created_at: now,
    updated_at: now,
    pushed_at: now,
    ...wanted,
    id,
  });
}
