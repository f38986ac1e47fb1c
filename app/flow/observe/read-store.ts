import { configPath } from "#core/config/config.ts";
import { parseConfig } from "#core/config/parse.ts";
import { readDvcRemote } from "#core/pointer/read-dvc-config.ts";
import { readRemoteAddress, type StoreAddress } from "#core/store-address.ts";
import type { CommitSha } from "#core/names.ts";
import type { Ports } from "#core/ports.ts";

/**
 * Where a commit says that its data is stored: Trainyard's config, else DVC's default remote; undefined where neither
 * does. Ask the base branch's commit: who opens a pull request may not send credentials elsewhere. Throws a sentence for
 * an address that cannot be read.
 */
export async function readStore(repository: Ports["repository"], commit: CommitSha): Promise<StoreAddress | undefined> {
  const tree = await repository.tree(commit);
  const read = async (path: string): Promise<Uint8Array | undefined> => {
    const entry = tree.get(path);
    return entry === undefined ? undefined : await repository.blob(entry.blob);
  };
  const config = await read(configPath);
  const parsed = config === undefined ? undefined : parseConfig(config);
  if (parsed?.kind === "config" && parsed.config.store !== undefined) return parsed.config.store;
  const dvc = await read(".dvc/config");
  const remote = dvc === undefined ? undefined : readDvcRemote([new TextDecoder().decode(dvc)]);
  if (remote === undefined) return undefined;
  const found = readRemoteAddress(remote);
  if ("problem" in found) throw new Error(`Cannot use the remote "${remote.name}" of .dvc/config: ${found.problem}`);
  return found.address;
}
