import { existsSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { configPath } from "#core/config/config.ts";
import type { ObjectStore } from "#core/object-store.ts";
import { dataOfPointer, namePointers } from "#core/pointer/name-pointers.ts";
import { isPointerPath, type Out } from "#core/pointer/pointer.ts";
import { readDvcPointer } from "#core/pointer/read-dvc-pointer.ts";
import { openGit, type Git } from "#git/open-git.ts";
import { openStore } from "#store/open-store.ts";
import type { ObjectCache } from "#store/workspace/object-cache.ts";
import { ExitError } from "#cli/exit-error.ts";
import { cacheOf, findAddress, type NamedStore } from "./find-address.ts";
import { releaseObjects } from "./release-objects.ts";

export type CloneOptions = { repository?: string; api?: string; token?: string };

export type Pointer = { path: string; outs: readonly Out[] };

/** The clone that one stands in, as far as its data goes. */
export type DataClone = {
  root: string;
  git: Git;
  cache: ObjectCache;
  /** where its data is stored, and what says so; undefined: nothing does */
  address: NamedStore | undefined;
  /** Opens the store. Throws an ExitError (2) where none is named. */
  openStore(): Promise<ObjectStore>;
  close(): void;
};

export async function openClone(options: CloneOptions = {}): Promise<DataClone> {
  const git = await openGit(".");
  const root = git.folder;
  const address = findAddress(root);
  return {
    root,
    git,
    cache: cacheOf(root),
    address,
    async openStore() {
      if (address === undefined)
        throw new ExitError(
          2,
          `Cannot tell where the data of "${root}" is stored: write data: { store: s3://bucket/folder } (or "releases", or a folder) into ${configPath}, or name a default remote in .dvc/config`,
        );
      return await openStore(address.store, {
        root,
        env: process.env,
        releases: async () => await releaseObjects(git, options),
      });
    },
    close: () => git.close(),
  };
}

/** The pointers that were named, by their own names or those of their data; all of the clone where none is named. */
export async function findPointers(
  clone: Pick<DataClone, "git" | "root">,
  names: readonly string[],
): Promise<readonly Pointer[]> {
  const paths = names.length === 0 ? await listPointers(clone) : names.map((name) => pointerOf(clone, name));
  return paths.map((path) => ({ path, outs: readDvcPointer(readFileSync(join(clone.root, path), "utf8"), path) }));
}

async function listPointers({ git, root }: Pick<DataClone, "git" | "root">): Promise<readonly string[]> {
  const { stdout } = await git.run(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.dvc"]);
  return [...new Set(stdout.toString("utf8").split("\0"))]
    .filter((path) => isPointerPath(path) && statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true)
    .sort();
}

function pointerOf(clone: Pick<DataClone, "root">, name: string): string {
  const path = pathInClone(clone, name);
  for (const candidate of [path, `${path}.dvc`])
    if (isPointerPath(candidate) && statSync(join(clone.root, candidate), { throwIfNoEntry: false })?.isFile() === true)
      return candidate;
  const folder = namePointers(path).find((candidate) => existsSync(join(clone.root, candidate)));
  throw new ExitError(
    2,
    folder === undefined
      ? `Cannot find a pointer for "${name}": there is no "${path}.dvc"; add the data first`
      : `Cannot find a pointer for "${name}" alone: "${folder}" stands for all of its folder; name "${dataOfPointer(folder)}"`,
  );
}

/** A name that somebody wrote, from the clone's top on, with slashes. Throws an ExitError (2) for one outside. */
export function pathInClone({ root }: Pick<DataClone, "root">, name: string): string {
  const path = relative(root, resolve(name)).replaceAll(sep, "/");
  if (path === "" || path === ".." || path.startsWith("../"))
    throw new ExitError(2, `Cannot take "${name}": it is not inside of the clone "${root}"`);
  return path;
}
