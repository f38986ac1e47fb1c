import { constants, readdirSync, statSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "#actions/job.ts";
import { placeOf } from "./look-of.ts";
import type { FolderStore } from "./setup-cache.ts";

/** so many states of each scope are kept */
const mostKept = 4;

/**
 * A folder of the machine, for runners that stay: what the service would carry there and back lies beside them. Scoped as
 * the service does: a pull request finds its own and the default branch's, and leaves nothing to anybody else.
 */
export function localStore(folder: string, { owner, repository, trigger }: Job, most = mostKept): FolderStore {
  const base = join(folder, owner, repository);
  const own = trigger.kind === "pull" && !trigger.fork ? join(base, `pull-${trigger.number}`) : join(base, "default");
  const scopes = [...new Set([own, join(base, "default")])];
  const find = (key: string, like: string): { key: string; place: string } | undefined => {
    for (const scope of scopes) {
      const kept = list(scope).filter((name) => name.startsWith(like));
      const name = kept.includes(key) ? key : kept[0];
      if (name !== undefined) return { key: name, place: join(scope, name) };
    }
    return undefined;
  };
  return {
    async restore(paths, key, like) {
      const found = find(key, like);
      if (found === undefined) return undefined;
      for (const [index, path] of paths.entries()) {
        // oxlint-disable-next-line no-await-in-loop -- one or two folders
        await copy(join(found.place, String(index)), placeOf(path));
      }
      return found.key;
    },
    has: async (_, key) => await Promise.resolve(find(key, key) !== undefined),
    async save(paths, key) {
      await mkdir(own, { recursive: true });
      const made = await mkdtemp(join(own, ".new-"));
      try {
        for (const [index, path] of paths.entries()) {
          // oxlint-disable-next-line no-await-in-loop -- see above
          await copy(placeOf(path), join(made, String(index)));
        }
        await rename(made, join(own, key));
      } finally {
        // whoever was there first has left the same
        await rm(made, { recursive: true, force: true });
      }
      const old = list(own).slice(most);
      await Promise.all(old.map(async (name) => await rm(join(own, name), { recursive: true, force: true })));
    },
  };
}

/** The states of a scope, newest first. */
function list(scope: string): readonly string[] {
  try {
    return readdirSync(scope)
      .filter((name) => !name.startsWith("."))
      .map((name) => ({ name, at: statSync(join(scope, name)).mtimeMs }))
      .toSorted((a, b) => b.at - a.at)
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

async function copy(from: string, to: string): Promise<void> {
  if (statSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  await mkdir(to, { recursive: true });
  await cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    mode: constants.COPYFILE_FICLONE,
  });
}
