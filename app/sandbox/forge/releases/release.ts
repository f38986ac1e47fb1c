import { hasRole } from "#sandbox/forge/auth/permit.ts";
import { type Context, type Forge, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import { nodeId, presentAccount } from "#sandbox/forge/present/account.ts";

/** Collection "releases". Texts are the author's: untrusted. */
export type ReleaseRecord = {
  id: number;
  tag_name: string;
  target_commitish: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  make_latest: "true" | "false" | "legacy";
  /** login */
  author: string;
  /** the instant of the commit once published, as on GitHub */
  created_at: string;
  updated_at: string;
  published_at: string | null;
  /** counts publications, so that the last one can be told */
  turn: number;
};

/** Collection "release-assets"; bytes are in the forge's files under `keyOfAsset`. */
export type AssetRecord = {
  id: number;
  /** id */
  release: number;
  name: string;
  label: string | null;
  content_type: string;
  size: number;
  /** sha256:… */
  digest: string;
  /** login */
  uploader: string;
  download_count: number;
  created_at: string;
  updated_at: string;
};

export function keyOfAsset(repo: Repo, asset: AssetRecord): string {
  return `release-assets/${repo.id}/${asset.id}`;
}

/** Drafts are seen by those who may write. */
export function maySeeDrafts({ actor, repo, login }: Pick<Context<unknown>, "actor" | "repo" | "login">): boolean {
  if (actor.kind === "user") return hasRole(repo.roleOf(login), "write");
  if (actor.kind !== "installation" && actor.kind !== "job") return false;
  return actor.permissions.contents === "write" || actor.permissions.contents === "admin";
}

/** A release that the caller may see. Throws 404. */
export function findRelease(ctx: Context<unknown>, id: string | number | undefined): ReleaseRecord {
  const found = ctx.repo.store<ReleaseRecord>("releases").get(Number(id));
  if (found === undefined || (found.draft && !maySeeDrafts(ctx))) throw githubError(404, "Not Found");
  return found;
}

export function assetsOf(repo: Repo, release: number): AssetRecord[] {
  return repo
    .store<AssetRecord>("release-assets")
    .list()
    .filter((asset) => asset.release === release);
}

const inPath = (text: string): string => text.split("/").map(encodeURIComponent).join("/");

/** A draft has no tag yet: its pages go by a made-up one. */
function pageTag(release: ReleaseRecord): string {
  return release.draft ? `untagged-${release.id.toString(16).padStart(20, "0")}` : release.tag_name;
}

/** Schema "release-asset". */
export function presentAsset(forge: Forge, repo: Repo, release: ReleaseRecord, asset: AssetRecord): JsonObject {
  const page = `${forge.urls.server}/${repo.fullName}/releases/download`;
  return {
    id: asset.id,
    node_id: nodeId("RA", asset.id),
    url: `${forge.urls.api}/repos/${repo.fullName}/releases/assets/${asset.id}`,
    browser_download_url: `${page}/${inPath(pageTag(release))}/${encodeURIComponent(asset.name)}`,
    name: asset.name,
    label: asset.label,
    state: "uploaded",
    content_type: asset.content_type,
    size: asset.size,
    digest: asset.digest,
    download_count: asset.download_count,
    created_at: asset.created_at,
    updated_at: asset.updated_at,
    uploader: presentAccount(forge.urls, forge.account(asset.uploader)),
  };
}

/** Schema "release", also as `release` in webhooks. */
export function presentRelease(forge: Forge, repo: Repo, release: ReleaseRecord): JsonObject {
  const api = `${forge.urls.api}/repos/${repo.fullName}`;
  const url = `${api}/releases/${release.id}`;
  const archive = (kind: string): string | null =>
    release.draft ? null : `${api}/${kind}/${inPath(release.tag_name)}`;
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${forge.urls.uploads}/repos/${repo.fullName}/releases/${release.id}/assets{?name,label}`,
    html_url: `${forge.urls.server}/${repo.fullName}/releases/tag/${inPath(pageTag(release))}`,
    id: release.id,
    node_id: nodeId("RE", release.id),
    author: presentAccount(forge.urls, forge.account(release.author)),
    tag_name: release.tag_name,
    target_commitish: release.target_commitish,
    name: release.name,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: false,
    created_at: release.created_at,
    updated_at: release.updated_at,
    published_at: release.published_at,
    assets: assetsOf(repo, release.id).map((asset) => presentAsset(forge, repo, release, asset)),
    tarball_url: archive("tarball"),
    zipball_url: archive("zipball"),
    body: release.body,
  };
}
