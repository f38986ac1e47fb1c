import { paginate } from "#sandbox/forge/paginate.ts";
import { type Answer, type Context, type Forge, githubError } from "#sandbox/forge/contract.ts";
import { artifactsOf, fileName, isExpired, removeArtifact } from "#sandbox/actions/service/artifact-store.ts";
import type { ArtifactRecord } from "#sandbox/actions/service/artifact-store.ts";
import type { BlobStore } from "#sandbox/actions/service/blob-store.ts";
import { findRun } from "./find-run.ts";
import { presentArtifact } from "./present-artifact.ts";

/** Artifacts: listed newest first, downloaded through a redirect, 410 once they have expired. */
export function addArtifactRoutes(forge: Forge, blobs: BlobStore): void {
  const list = (ctx: Context, all: readonly ArtifactRecord[]): Promise<Answer> => {
    const name = ctx.query["name"];
    const wanted = all.filter((one) => name === undefined || one.name === name);
    const ordered = ctx.query["direction"] === "asc" ? wanted : wanted.toReversed();
    return paginate(ctx, ordered, (one) => presentArtifact(forge, ctx.repo, one), "artifacts");
  };
  const find = (ctx: Context): ArtifactRecord => {
    const found = artifactsOf(ctx.repo).find((one) => String(one.id) === ctx.params["artifact_id"]);
    if (found === undefined) throw githubError(404, "Not Found");
    return found;
  };
  const read = { permission: { actions: "read" } } as const;
  const write = { permission: { actions: "write" } } as const;
  const base = "/repos/{owner}/{repo}/actions";
  forge.route(`GET ${base}/artifacts`, { ...read, handler: (ctx) => list(ctx, artifactsOf(ctx.repo)) });
  forge.route(`GET ${base}/runs/{run_id}/artifacts`, {
    ...read,
    handler: (ctx) => {
      const run = findRun(ctx);
      return list(
        ctx,
        artifactsOf(ctx.repo).filter((one) => one.run === run.id),
      );
    },
  });
  forge.route(`GET ${base}/artifacts/{artifact_id}`, {
    ...read,
    handler: (ctx) => ({ status: 200, body: presentArtifact(forge, ctx.repo, find(ctx)) }),
  });
  forge.route(`GET ${base}/artifacts/{artifact_id}/{archive_format}`, {
    ...read,
    handler(ctx) {
      const found = find(ctx);
      if (ctx.params["archive_format"] !== "zip") throw githubError(404, "Not Found");
      if (isExpired(forge, found)) throw githubError(410, "Artifact has expired");
      return { status: 302, headers: { location: blobs.downloadUrl(found.key, fileName(found), found.type) } };
    },
  });
  forge.route(`DELETE ${base}/artifacts/{artifact_id}`, {
    ...write,
    async handler(ctx) {
      await removeArtifact(forge, ctx.repo, find(ctx));
      return { status: 204 };
    },
  });
}
