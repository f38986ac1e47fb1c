import { stat } from "node:fs/promises";
import { StoreError, type ObjectStore } from "#core/object-store.ts";
import { ServiceError, type Release } from "#core/ports.ts";
import { ask, isConflict } from "#github/client/explain-error.ts";
import { openAsset } from "./open-asset.ts";
import { at, once, type GitHub } from "#github/client/octokit.ts";
import { githubReleases } from "#github/github-releases.ts";

const tag = "trainyard-data";
/** what GitHub takes at the most: https://docs.github.com/repositories/releasing-projects-on-github/about-releases */
const mostAssets = 1_000;
const mostBytes = 2 * 1024 ** 3;

const body =
  "The bytes of this repository's data, by the digests that its pointers (.dvc) name. Trainyard writes and reads them; deleting one loses the data of every pointer that names it.";

/**
 * The assets of one prerelease as a store: it is never the latest release, and whoever may read the repository may read
 * it. At most 1,000 objects below 2 GiB each; the errors say so.
 */
export function githubObjects(github: GitHub): ObjectStore {
  const { octokit } = github;
  const releases = githubReleases(github);
  const name = `the release "${tag}" of "${github.owner}/${github.repo}"`;
  let known: Promise<Map<string, { id: number; size: number }>> | undefined;
  const assets = async (): ReturnType<typeof list> => await (known ??= list());

  async function list(): Promise<Map<string, { id: number; size: number }>> {
    const release = await explained(async () => await releases.find(tag));
    if (release === undefined || release.draft) return new Map();
    const found = await explained(async () =>
      octokit.paginate("GET /repos/{owner}/{repo}/releases/{release_id}/assets", {
        ...at(github),
        release_id: release.id,
        per_page: 100,
      }),
    );
    const whole = found.filter(({ state }) => state === "uploaded");
    return new Map(whole.map((asset) => [asset.name, { id: Number(asset.id), size: asset.size }]));
  }

  async function openRelease(): Promise<Release> {
    const found = await releases.find(tag);
    if (found !== undefined && !found.draft) return found;
    const act = { act: `create ${name}`, permission: "contents: write" };
    try {
      await ask(act, async () =>
        octokit.request("POST /repos/{owner}/{repo}/releases", {
          ...at(github),
          tag_name: tag,
          name: "Data",
          body,
          draft: false,
          prerelease: true,
          make_latest: "false",
          request: once,
        }),
      );
    } catch (error) {
      // two may begin at once
      if (!isConflict(error)) throw error;
    }
    const made = await releases.find(tag);
    if (made === undefined) throw new ServiceError("broken", `Cannot find ${name} that was just made`);
    return made;
  }

  return {
    name,
    has: async (key) => (await assets()).get(assetOf(key) ?? "")?.size,
    async get(key, from, signal) {
      const asset = (await assets()).get(assetOf(key) ?? "");
      if (asset === undefined) return undefined;
      return await explained(async () => await openAsset(github, { ...asset, name: key }, from, signal));
    },
    async put(key, file, onBytes) {
      const asset = assetOf(key);
      const { size } = await stat(file);
      if (asset === undefined)
        throw new StoreError("refused", `Cannot write "${key}" to ${name}: it is no object's key`);
      const elsewhere = "keep this data in a bucket or a folder: data: { store: s3://bucket/folder }";
      if (size >= mostBytes)
        throw new StoreError(
          "refused",
          `Cannot write "${key}" to ${name}: it has ${size} bytes, and GitHub takes assets below 2 GiB; ${elsewhere}`,
        );
      if (size === 0)
        throw new StoreError(
          "refused",
          `Cannot write "${key}" to ${name}: it is empty, and GitHub takes no empty asset; ${elsewhere}`,
        );
      await explained(async () => {
        const release = await openRelease();
        const there = await assets();
        if (there.size >= mostAssets)
          throw new StoreError(
            "refused",
            `Cannot write "${key}" to ${name}: it holds ${there.size} objects, and GitHub takes ${mostAssets} a release; ${elsewhere}`,
          );
        await releases.upload(release.id, asset, file);
        there.set(asset, { id: 0, size });
        known = undefined;
      });
      onBytes?.(size);
    },
    async *list(prefix) {
      for (const asset of (await assets()).keys()) {
        const key = keyOf(asset);
        if (key?.startsWith(prefix) === true) yield key;
      }
    },
  };
}

/** An asset's name has no slash: "files/md5/ab/cd….dir" is "md5-abcd….dir". */
function assetOf(key: string): string | undefined {
  const [, first, rest] = /^files\/md5\/([0-9a-f]{2})\/([0-9a-f]{30}(?:\.dir)?)$/.exec(key) ?? [];
  return first === undefined || rest === undefined ? undefined : `md5-${first}${rest}`;
}

function keyOf(asset: string): string | undefined {
  const [, first, rest] = /^md5-([0-9a-f]{2})([0-9a-f]{30}(?:\.dir)?)$/.exec(asset) ?? [];
  return first === undefined || rest === undefined ? undefined : `files/md5/${first}/${rest}`;
}

const codes = {
  "not-found": "broken",
  forbidden: "forbidden",
  conflict: "refused",
  refused: "refused",
  limited: "unavailable",
  unreachable: "unavailable",
  broken: "broken",
} as const;

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new StoreError(codes[error.code], error.message, { cause: error });
  }
}
