import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { configPath } from "#core/config/config.ts";
import { parseConfig, parseStore } from "#core/config/parse.ts";
import { readYaml } from "#core/config/yaml/read-yaml.ts";
import { readDvcCache, readDvcRemote } from "#core/pointer/read-dvc-config.ts";
import { readRemoteAddress, type StoreAddress } from "#core/store-address.ts";
import type { ObjectCache } from "#store/workspace/object-cache.ts";
import { ExitError } from "#cli/exit-error.ts";

/** A store, and the file that names it. */
export type NamedStore = { store: StoreAddress; from: string };

/** The cache of a clone: DVC's own, wherever its config has it. */
export function cacheOf(root: string): ObjectCache {
  return { folder: resolve(root, ".dvc", readDvcCache(dvcConfigs(root)) ?? "cache") };
}

function dvcConfigs(root: string): readonly string[] {
  return ["config", "config.local"].flatMap((name) => {
    const file = join(root, ".dvc", name);
    return existsSync(file) ? [readFileSync(file, "utf8")] : [];
  });
}

/** Trainyard's own config first; whoever is on DVC needs none. */
export function findAddress(root: string): NamedStore | undefined {
  const file = join(root, configPath);
  if (existsSync(file)) {
    const store = findOwn(readFileSync(file));
    if (store !== undefined) return { store, from: configPath };
  }
  const remote = readDvcRemote(dvcConfigs(root));
  if (remote === undefined) return undefined;
  const read = readRemoteAddress(remote);
  if ("problem" in read)
    throw new ExitError(2, `Cannot use the remote "${remote.name}" of .dvc/config: ${read.problem}`);
  return { store: read.address, from: ".dvc/config" };
}

/** Only mistakes that hide the store count: whoever has data and no model yet names a store all the same. */
function findOwn(bytes: Uint8Array): StoreAddress | undefined {
  const parsed = parseConfig(bytes);
  if (parsed.kind === "config") return parsed.config.store;
  const unread = readYaml(bytes).value === undefined;
  const mistake = parsed.problems.find(({ path }) => unread || path === "data" || path.startsWith("data."));
  if (mistake !== undefined)
    throw new ExitError(2, `Cannot read ${configPath}, line ${mistake.line}: ${mistake.message}`);
  return parseStore(bytes);
}
