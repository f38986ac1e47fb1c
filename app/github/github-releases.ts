import { createHash } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import * as z from "zod";
import { ServiceError, type Release, type Releases } from "#core/ports.ts";
import { ask, askMaybe, mayHaveHappened } from "./client/explain-error.ts";
import { findDraft, findRelease, readRelease, type AssetData, type ReleaseData } from "./client/find-release.ts";
import { at, once, type GitHub } from "./client/octokit.ts";

/** GitHub takes assets below this size only. */
const maxAssetBytes = 2 * 1024 ** 3;

/** What the answer to an upload must hold: its route is the release's own, so no type knows it. */
const uploadedSchema = z.object({ id: z.coerce.number(), name: z.string() });

/** The Releases port on GitHub's API. None of ours is ever "latest": that one is the repository's own. */
export function githubReleases(github: GitHub): Releases {
  const { octokit } = github;
  const act = (what: string, access = "write") => ({
    act: `${what} in "${github.owner}/${github.repo}"`,
    permission: `contents: ${access}`,
  });
  const drafts = new Map<string, number>();
  const uploadUrls = new Map<number, string>();

  async function read(id: number): Promise<ReleaseData> {
    const { data } = await ask(act(`read the release ${id}`, "read"), async () =>
      octokit.request("GET /repos/{owner}/{repo}/releases/{release_id}", { ...at(github), release_id: id }),
    );
    return remember(readRelease(data));
  }

  function remember(release: ReleaseData): ReleaseData {
    uploadUrls.set(release.id, release.uploadUrl);
    if (release.draft) drafts.set(release.tag, release.id);
    return release;
  }

  /** A draft that was seen here before, in one request where finding it takes two. */
  async function readDraft(tag: string): Promise<ReleaseData | undefined> {
    const id = drafts.get(tag);
    if (id === undefined) return undefined;
    const found = await read(id).catch(() => undefined);
    return found?.tag === tag ? found : undefined;
  }

  /** Somebody may have made one at the same moment: of several drafts of a tag only the oldest is ever found. */
  async function keepOldest(made: ReleaseData): Promise<ReleaseData> {
    const oldest = await findDraft(github, made.tag);
    if (oldest === undefined || oldest.id === made.id) return made;
    await askMaybe(act(`delete the release ${made.id}`), async () =>
      octokit.request("DELETE /repos/{owner}/{repo}/releases/{release_id}", { ...at(github), release_id: made.id }),
    );
    return oldest;
  }

  async function begin({ tag, target, title, body }: Parameters<Releases["createDraft"]>[0]): Promise<ReleaseData> {
    const { data } = await ask(act(`draft the release "${tag}"`), async () =>
      octokit.request("POST /repos/{owner}/{repo}/releases", {
        ...at(github),
        tag_name: tag,
        target_commitish: target,
        name: title,
        body,
        draft: true,
        make_latest: "false",
        request: once,
      }),
    );
    return readRelease(data);
  }

  async function removeById(asset: AssetData): Promise<void> {
    await askMaybe(act(`delete the asset "${asset.name}"`), async () =>
      octokit.request("DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}", { ...at(github), asset_id: asset.id }),
    );
  }

  async function send(url: string, name: string, file: string): Promise<void> {
    const data = await openAsBlob(file);
    if (data.size >= maxAssetBytes) {
      throw new ServiceError(
        "refused",
        `Cannot upload "${name}": it has ${data.size} bytes, and a release takes files below 2 GiB; split the model into several files`,
      );
    }
    const { data: made }: { data: unknown } = await ask(act(`upload the asset "${name}"`), async () =>
      octokit.request({
        method: "POST",
        url: `${url.replace(/\{.*\}$/, "")}?name=${encodeURIComponent(name)}`,
        data,
        headers: { "content-type": "application/octet-stream" },
        request: once,
      }),
    );
    const answer = uploadedSchema.safeParse(made);
    if (!answer.success)
      throw new ServiceError("broken", `Cannot upload the asset "${name}": GitHub's answer names no asset`);
    const { id, name: given } = answer.data;
    if (given === name) return;
    await removeById({ id, name: given, size: data.size, digest: undefined });
    throw new ServiceError("refused", `Cannot upload "${name}": GitHub would call it "${given}"; rename the file`);
  }

  return {
    async find(tag) {
      const found = (await readDraft(tag)) ?? (await findRelease(github, tag));
      return found && present(remember(found));
    },
    async createDraft(draft) {
      try {
        return present(remember(await keepOldest(await begin(draft))));
      } catch (error) {
        if (!mayHaveHappened(error)) throw error;
        const arrived = (await findDraft(github, draft.tag)) ?? (await keepOldest(await begin(draft)));
        return present(remember(arrived));
      }
    },
    async upload(release, name, file) {
      try {
        return await send(uploadUrls.get(release) ?? (await read(release)).uploadUrl, name, file);
      } catch (error) {
        const taken = error instanceof ServiceError && error.code === "conflict";
        if (!taken && !mayHaveHappened(error)) throw error;
      }
      const now = await read(release);
      const whole = now.assets.find((asset) => asset.name === name);
      if (whole !== undefined) {
        if (await isSame(whole, file)) return;
        throw new ServiceError(
          "conflict",
          `Cannot upload "${name}" to the release "${now.tag}": an asset of that name holds other bytes; remove it first`,
        );
      }
      // what is left of an upload that broke off blocks its name
      for (const rest of now.broken) if (rest.name === name) await removeById(rest);
      await send(now.uploadUrl, name, file);
    },
    async removeAsset(release, name) {
      const { assets, broken } = await read(release);
      for (const asset of [...assets, ...broken]) if (asset.name === name) await removeById(asset);
    },
    async publish(release, text) {
      await ask(act(`publish the release ${release}`), async () =>
        octokit.request("PATCH /repos/{owner}/{repo}/releases/{release_id}", {
          ...at(github),
          release_id: release,
          ...(text === undefined ? {} : { name: text.title, body: text.body }),
          draft: false,
          make_latest: "false",
        }),
      );
    },
  };
}

function present({ id, tag, draft, title, body, url, assets }: ReleaseData): Release {
  const known = assets.map(({ name, size, digest }) => ({ name, size, sha256: sha256Of(digest) }));
  return { id, tag, draft, title, body, url, assets: known };
}

function sha256Of(digest: string | undefined): string | undefined {
  return digest?.startsWith("sha256:") === true ? digest.slice("sha256:".length) : undefined;
}

/** Without a digest nothing says that the bytes are the same. */
async function isSame(asset: AssetData, file: string): Promise<boolean> {
  const known = sha256Of(asset.digest);
  if (known === undefined) return false;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) if (chunk instanceof Uint8Array) hash.update(chunk);
  return hash.digest("hex") === known;
}
