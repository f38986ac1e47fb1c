import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Forge, Repo } from "#sandbox/forge/contract.ts";
import { type AssetRecord, keyOfAsset, type ReleaseRecord } from "./release.ts";

const prefix = "/release-assets/";
const validMs = 5 * 60_000;
/** links do not outlive the process */
const secret = randomBytes(32);

function sign(path: string, expires: string): string {
  return createHmac("sha256", secret).update(`${path} ${expires}`).digest("hex");
}

/** A link to the bytes of an asset that works for five minutes without a token, as GitHub redirects to its storage. */
export function signDownload(forge: Forge, repo: Repo, asset: AssetRecord): string {
  const path = `${prefix}${repo.id}/${asset.id}`;
  const expires = String(Date.now() + validMs);
  return `${forge.urls.server}${path}?expires=${expires}&signature=${sign(path, expires)}`;
}

/** Serves signed links, and the links on the pages of the repositories that there are. */
export function assetDownloads(forge: Forge): void {
  for (const repo of forge.repos()) serveReleasePages(forge, repo);
  forge.mount(prefix, async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const expires = searchParams.get("expires") ?? "";
    const expected = Buffer.from(sign(pathname, expires));
    const given = Buffer.from(searchParams.get("signature") ?? "");
    const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
    const [repoId = "", assetId = ""] = pathname.slice(prefix.length).split("/");
    const repo = forge.repoById(Number(repoId));
    const asset = repo?.store<AssetRecord>("release-assets").get(Number(assetId));
    if (!isSigned || Number(expires) < Date.now() || repo === undefined || asset === undefined) {
      response.writeHead(403).end();
      return;
    }
    await sendAsset(forge, repo, asset, request, response);
  });
}

const mounted = new WeakMap<Forge, Set<number>>();

/** Serves the links on the release pages of a repository: published assets, for anyone if the repository is public. */
export function serveReleasePages(forge: Forge, repo: Repo): void {
  const known = mounted.get(forge) ?? new Set();
  mounted.set(forge, known);
  if (known.has(repo.id)) return;
  known.add(repo.id);
  const base = `/${repo.fullName}/releases/download/`;
  forge.mount(base, async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const [tag = "", file = ""] = (/^(.+)\/([^/]+)$/.exec(pathname.slice(base.length)) ?? [])
      .slice(1)
      .map(decodeURIComponent);
    const release = repo.store<ReleaseRecord>("releases").find((one) => !one.draft && one.tag_name === tag);
    const asset = repo
      .store<AssetRecord>("release-assets")
      .find((one) => one.release === release?.id && one.name === file);
    if (asset === undefined || repo.record.private) response.writeHead(404).end();
    else await sendAsset(forge, repo, asset, request, response);
  });
}

async function sendAsset(
  forge: Forge,
  repo: Repo,
  asset: AssetRecord,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = await forge.files.open(keyOfAsset(repo, asset));
  if (found === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    "content-type": asset.content_type,
    "content-length": found.size,
    "content-disposition": `attachment; filename=${encodeURIComponent(asset.name)}`,
  });
  if (request.method === "HEAD") {
    found.stream.destroy();
    response.end();
    return;
  }
  const assets = repo.store<AssetRecord>("release-assets");
  assets.set(asset.id, { download_count: (assets.get(asset.id)?.download_count ?? 0) + 1 });
  // a client that goes away is none of our mistakes
  await pipeline(found.stream, response).catch(() => response.destroy());
}
