import { type Answer, type Context, type FieldError, type Forge, githubError } from "#sandbox/forge/contract.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { serveReleasePages, signDownload } from "./download-asset.ts";
import { type AssetRecord, assetsOf, findRelease, keyOfAsset, presentAsset, type ReleaseRecord } from "./release.ts";
import { removeAsset } from "./remove-asset.ts";

const ofRelease = "/repos/{owner}/{repo}/releases/{release_id}/assets";
const one = "/repos/{owner}/{repo}/releases/assets/{asset_id}";
const maxAssets = 1000;

/** Files of releases. Uploading has a base of its own; downloading asks for bytes by `Accept`. */
export function assetRoutes(forge: Forge): void {
  forge.route(`POST ${ofRelease}`, {
    permission: { contents: "write" },
    base: "uploads",
    input: "raw",
    handler: (ctx) => uploadAsset(forge, ctx),
  });
  forge.route(`GET ${ofRelease}`, {
    permission: { contents: "read" },
    handler: (ctx) => {
      const release = findRelease(ctx, ctx.params["release_id"]);
      return paginate(ctx, assetsOf(ctx.repo, release.id), (asset) => presentAsset(forge, ctx.repo, release, asset));
    },
  });
  forge.route(`GET ${one}`, {
    permission: { contents: "read" },
    handler: (ctx) => {
      const { asset, release } = findAsset(ctx);
      if (ctx.accept.includes("application/octet-stream"))
        return { status: 302, headers: { location: signDownload(forge, ctx.repo, asset) } };
      return { status: 200, body: presentAsset(forge, ctx.repo, release, asset) };
    },
  });
  forge.route<{ name?: string; label?: string; state?: string }>(`PATCH ${one}`, {
    permission: { contents: "write" },
    handler: (ctx) => {
      const { asset, release } = findAsset(ctx);
      const name = ctx.body.name === undefined ? asset.name : spellName(ctx.body.name);
      mustBeFree(
        assetsOf(ctx.repo, release.id).filter((other) => other.id !== asset.id),
        name,
      );
      const label = ctx.body.label ?? asset.label;
      const changed = ctx.repo.store<AssetRecord>("release-assets").set(asset.id, { name, label, updated_at: ctx.now });
      return { status: 200, body: presentAsset(forge, ctx.repo, release, changed) };
    },
  });
  forge.route(`DELETE ${one}`, {
    permission: { contents: "write" },
    handler: async (ctx) => {
      await removeAsset(forge, ctx.repo, findAsset(ctx).asset);
      return { status: 204 };
    },
  });
}

function findAsset(ctx: Context<unknown>): { asset: AssetRecord; release: ReleaseRecord } {
  const asset = ctx.repo.store<AssetRecord>("release-assets").get(Number(ctx.params["asset_id"]));
  if (asset === undefined) throw githubError(404, "Not Found");
  return { asset, release: findRelease(ctx, asset.release) };
}

function refuse(field: string, code: FieldError["code"], message?: string): never {
  throw githubError(422, "Validation Failed", [
    { resource: "ReleaseAsset", code, field, ...(message === undefined ? {} : { message }) },
  ]);
}

/** GitHub puts a dot for every run of characters that a file's name should not have. */
function spellName(name: string): string {
  return name.replaceAll(/\.?[^A-Za-z0-9._+@-]+\.?/g, ".").replaceAll(/^\.+|\.+$/g, "") || "default";
}

function mustBeFree(assets: readonly AssetRecord[], name: string): void {
  if (assets.some((asset) => asset.name === name)) refuse("name", "already_exists");
}

async function uploadAsset(forge: Forge, ctx: Context<unknown>): Promise<Answer> {
  const release = findRelease(ctx, ctx.params["release_id"]);
  const { headers } = ctx.request;
  const given = ctx.query["name"] ?? "";
  if (given.trim() === "") refuse("name", "missing_field");
  const contentType = headers["content-type"];
  if (contentType === undefined) refuse("content_type", "missing_field");
  const name = spellName(given);
  const before = assetsOf(ctx.repo, release.id);
  mustBeFree(before, name);
  if (before.length >= maxAssets) refuse("release", "custom", `Release can have at most ${maxAssets} assets`);
  if (headers["content-length"] === "0") refuse("size", "custom", "size must be greater than or equal to 1");
  const asset: AssetRecord = {
    id: forge.nextId(),
    release: release.id,
    name,
    label: ctx.query["label"] ?? "",
    content_type: contentType,
    size: 0,
    digest: "",
    uploader: ctx.login,
    download_count: 0,
    created_at: ctx.now,
    updated_at: ctx.now,
  };
  const { size, sha256 } = await forge.files.put(keyOfAsset(ctx.repo, asset), ctx.request);
  // two uploads of one name may have run side by side, and the release may be gone
  try {
    if (size === 0) refuse("size", "custom", "size must be greater than or equal to 1");
    mustBeFree(assetsOf(ctx.repo, release.id), name);
    findRelease(ctx, release.id);
  } catch (cause) {
    await forge.files.remove(keyOfAsset(ctx.repo, asset));
    throw cause;
  }
  const added = ctx.repo.store<AssetRecord>("release-assets").add({ ...asset, size, digest: `sha256:${sha256}` });
  serveReleasePages(forge, ctx.repo);
  return { status: 201, body: presentAsset(forge, ctx.repo, release, added) };
}
