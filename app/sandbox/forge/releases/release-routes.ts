import { githubError } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { latestRelease } from "./latest-release.ts";
import { assetsOf, findRelease, maySeeDrafts, presentRelease, type ReleaseRecord } from "./release.ts";
import { removeAsset } from "./remove-asset.ts";
import { createRelease, deleteRelease, updateRelease, type WrittenRelease } from "./write-release.ts";

const all = "/repos/{owner}/{repo}/releases";
const one = `${all}/{release_id}`;

/** Releases: drafts are seen by writers only, and never by tag. */
export function releaseRoutes(forge: ForgeInside): void {
  forge.route<WrittenRelease>(`POST ${all}`, {
    permission: { contents: "write" },
    handler: async (ctx) => {
      const release = await createRelease(forge, ctx.repo, ctx.body, ctx.actor);
      const body = presentRelease(forge, ctx.repo, release);
      return { status: 201, body, headers: { location: String(body["url"]) } };
    },
  });
  forge.route(`GET ${all}`, {
    permission: { contents: "read" },
    handler: (ctx) => {
      const seen = ctx.repo
        .store<ReleaseRecord>("releases")
        .list()
        .filter((release) => !release.draft || maySeeDrafts(ctx));
      return paginate(ctx, seen.toReversed(), (release) => presentRelease(forge, ctx.repo, release));
    },
  });
  forge.route(`GET ${all}/latest`, {
    permission: { contents: "read" },
    handler: (ctx) => {
      const release = latestRelease(ctx.repo);
      if (release === undefined) throw githubError(404, "Not Found");
      return { status: 200, body: presentRelease(forge, ctx.repo, release) };
    },
  });
  forge.route(`GET ${all}/tags/{tag...}`, {
    permission: { contents: "read" },
    handler: (ctx) => {
      const release = ctx.repo
        .store<ReleaseRecord>("releases")
        .find((found) => !found.draft && found.tag_name === ctx.params["tag"]);
      if (release === undefined) throw githubError(404, "Not Found");
      return { status: 200, body: presentRelease(forge, ctx.repo, release) };
    },
  });
  forge.route(`GET ${one}`, {
    permission: { contents: "read" },
    handler: (ctx) => ({
      status: 200,
      body: presentRelease(forge, ctx.repo, findRelease(ctx, ctx.params["release_id"])),
    }),
  });
  forge.route<WrittenRelease>(`PATCH ${one}`, {
    permission: { contents: "write" },
    handler: async (ctx) => {
      const before = findRelease(ctx, ctx.params["release_id"]);
      const release = await updateRelease(forge, ctx.repo, before, ctx.body, ctx.actor);
      return { status: 200, body: presentRelease(forge, ctx.repo, release) };
    },
  });
  forge.route(`DELETE ${one}`, {
    permission: { contents: "write" },
    handler: async (ctx) => {
      const release = findRelease(ctx, ctx.params["release_id"]);
      deleteRelease(forge, ctx.repo, release, ctx.actor);
      await Promise.all(assetsOf(ctx.repo, release.id).map((asset) => removeAsset(forge, ctx.repo, asset)));
      return { status: 204 };
    },
  });
}
