import { digest } from "#core/canonical.ts";
import type { Locator } from "#core/evidence.ts";
import { namedAssets } from "#core/promotion/named-assets.ts";
import { ServiceError, type Bytes, type Release, type Releases } from "#core/ports.ts";
import type { Freight } from "#flow/promote/register-version.ts";

export type StoredRelease = Omit<Release, "assets" | "url"> & { assets: Record<string, string> };

/** What lies with a service besides git: releases with their files, and artifacts of runs as `run/name/path`. */
export type Storage = { releases: StoredRelease[]; artifacts: Record<string, string> };

/** Releases that mean what GitHub's do: of two drafts for one tag the oldest stays, and no file replaces another. */
export function memoryReleases(storage: Storage, files: ReadonlyMap<string, string>): Releases {
  const get = (id: number): StoredRelease => {
    const found = storage.releases.find((release) => release.id === id);
    if (found === undefined) throw new ServiceError("not-found", `There is no release ${id}`);
    return found;
  };
  const find = (tag: string): StoredRelease | undefined => findRelease(storage, tag);
  return {
    find: async (tag) => {
      const found = find(tag);
      return await Promise.resolve(found === undefined ? undefined : present(found));
    },
    createDraft: async ({ tag, title, body }) => {
      const there = find(tag);
      if (there !== undefined) return present(there);
      const made = { id: storage.releases.length + 1, tag, title, body, draft: true, assets: {} };
      storage.releases.push(made);
      return await Promise.resolve(present(made));
    },
    upload: async (id, name, file) => {
      const text = files.get(file);
      const { assets, tag } = get(id);
      if (text === undefined) throw new Error(`There is no file "${file}"`);
      if (assets[name] !== undefined && assets[name] !== text)
        throw new ServiceError("conflict", `Cannot upload "${name}" to the release "${tag}": it holds other bytes`);
      assets[name] = text;
      await Promise.resolve();
    },
    removeAsset: async (id, name) => {
      const release = get(id);
      release.assets = Object.fromEntries(Object.entries(release.assets).filter(([one]) => one !== name));
      await Promise.resolve();
    },
    publish: async (id, text) => {
      Object.assign(get(id), text, { draft: false });
      await Promise.resolve();
    },
  };
}

function findRelease({ releases }: Storage, tag: string): StoredRelease | undefined {
  const named = releases.filter((release) => release.tag === tag);
  return named.find(({ draft }) => !draft) ?? named[0];
}

function present({ assets, ...release }: StoredRelease): Release {
  const listed = Object.entries(assets).map(([name, text]) => ({ name, size: text.length, sha256: digest(text) }));
  return { ...release, url: `https://github.test/releases/${release.id}`, assets: listed };
}

/** The files that a locator names, by path; undefined where they cannot be had any more. */
export function readLocator(storage: Storage, locator: Locator): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  if (locator.kind === "workflow-artifact") {
    const folder = `${locator.run}/${locator.name}/`;
    for (const [key, text] of Object.entries(storage.artifacts)) {
      const path = key.startsWith(folder) ? key.slice(folder.length) : undefined;
      if (path === undefined || (locator.path !== "" && path !== locator.path)) continue;
      found.set(locator.path === "" ? path : (path.split("/").at(-1) ?? path), text);
    }
  } else if (locator.kind === "release-asset") {
    const release = findRelease(storage, locator.tag);
    const assets = Object.entries(release?.assets ?? {}).map(([name, text]) => ({ name, text }));
    for (const { asset, path } of namedAssets(assets, locator.name)) found.set(path, asset.text);
  }
  return found.size === 0 ? undefined : found;
}

/** Bytes that only say whether they are there: who moves them has a freight. */
export function memoryBytes(storage: Storage): Bytes {
  return {
    fetch: async (locator) => await Promise.reject(new Error(`Nothing is fetched here: ${locator.kind}`)),
    available: async (locator) => await Promise.resolve(readLocator(storage, locator) !== undefined),
  };
}

/** Carries texts instead of files, and believes none that does not hash to its digest. */
export function memoryFreight(storage: Storage, files: Map<string, string>): Freight {
  const keep = (text: string): string => {
    const file = `memory:${digest(text)}`;
    files.set(file, text);
    return file;
  };
  return {
    fetchModel: async ({ run, bytes }) => {
      const found = readLocator(storage, bytes);
      if (found === undefined) throw new ServiceError("not-found", "The bytes can no longer be had");
      const moved = run.artifact.files.map(({ path, sha256 }) => {
        const text = found.get(path) ?? "";
        if (digest(text) !== sha256) throw new ServiceError("broken", `The file "${path}" is not what was reviewed`);
        return { path, file: keep(text), sha256 };
      });
      return await Promise.resolve(moved);
    },
    fetchFile: async (record) => {
      const [text] = readLocator(storage, record.bytes)?.values() ?? [];
      return await Promise.resolve(text !== undefined && digest(text) === record.sha256 ? keep(text) : undefined);
    },
    writeText: async (_, text) => await Promise.resolve({ file: keep(text), sha256: digest(text) }),
  };
}
