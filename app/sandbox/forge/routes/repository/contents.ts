import { type Answer, type Context, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import { findEntry } from "#sandbox/forge/git/change-tree.ts";
import type { CommitObject, TreeEntry } from "#sandbox/forge/git/objects.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { foldBase64 } from "#sandbox/forge/routes/git/objects.ts";

const inlineCap = 1024 * 1024;
const rawCap = 100 * 1024 * 1024;

type Place = { repo: Repo; ref: string; commit: CommitObject };

async function findPlace(ctx: Context): Promise<Place> {
  const { repo } = ctx;
  const ref = ctx.query["ref"] ?? repo.record.default_branch;
  const sha = await repo.git.resolve(ref);
  const commit = sha === undefined ? undefined : await repo.git.commit(sha);
  if (commit === undefined) {
    throw githubError(
      404,
      ctx.query["ref"] === undefined ? "This repository is empty." : `No commit found for the ref ${ref}`,
    );
  }
  return { repo, ref, commit };
}

/** What is the same of files and folders. */
export function presentPlace(forge: ForgeInside, repo: Repo, ref: string, path: string, entry: TreeEntry): JsonObject {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const api = `${forge.urls.api}/repos/${repo.fullName}`;
  const page = `${forge.urls.server}/${repo.fullName}`;
  const isFolder = entry.kind === "tree";
  const self = `${api}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = `${api}/git/${isFolder ? "trees" : "blobs"}/${entry.sha}`;
  const html = `${page}/${isFolder ? "tree" : "blob"}/${ref}/${encoded}`;
  return {
    name: path.split("/").at(-1) ?? "",
    path,
    sha: entry.sha,
    size: 0,
    url: self,
    html_url: html,
    git_url: git,
    download_url: isFolder ? null : `${page}/raw/${ref}/${encoded}`,
    type: typeOf(entry),
    _links: { self, git, html },
  };
}

function typeOf(entry: TreeEntry): string {
  if (entry.kind === "tree") return "dir";
  if (entry.kind === "commit") return "submodule";
  return entry.mode === "120000" ? "symlink" : "file";
}

async function presentFile(
  forge: ForgeInside,
  place: Place,
  path: string,
  entry: TreeEntry,
  accept: string,
): Promise<Answer> {
  const { repo, ref } = place;
  const bytes = (await repo.git.blob(entry.sha)) ?? Buffer.alloc(0);
  if (bytes.length > rawCap) throw githubError(403, "This API returns blobs up to 100 MB in size.");
  if (accept.includes("raw")) {
    return { status: 200, body: bytes, headers: { "content-type": "application/vnd.github.raw; charset=utf-8" } };
  }
  const inline = bytes.length <= inlineCap;
  const content = inline ? foldBase64(bytes) : "";
  const body = presentPlace(forge, repo, ref, path, entry);
  const target =
    entry.mode === "120000" ? { target: bytes.toString("utf8") } : { content, encoding: inline ? "base64" : "none" };
  return { status: 200, body: { ...body, size: bytes.length, ...target } };
}

async function presentFolder(forge: ForgeInside, place: Place, path: string, entry: TreeEntry): Promise<Answer> {
  const { repo, ref } = place;
  const children = (await repo.git.tree(entry.sha)) ?? [];
  const body = await Promise.all(
    children.slice(0, 1000).map(async (child) => {
      const size = child.kind === "blob" ? ((await repo.git.info(child.sha))?.size ?? 0) : 0;
      const below = path === "" ? child.name : `${path}/${child.name}`;
      // in a folder's listing submodules pass for files
      const type = child.kind === "commit" ? { type: "file" } : {};
      return { ...presentPlace(forge, repo, ref, below, child), size, ...type };
    }),
  );
  return { status: 200, body };
}

/** Files and folders of a commit. */
export function registerContents(forge: ForgeInside): void {
  forge.route("GET /repos/{owner}/{repo}/contents/{path...}", {
    permission: { contents: "read" },
    handler: async (ctx) => {
      const place = await findPlace(ctx);
      const path = (ctx.params["path"] ?? "").replaceAll(/^\/+|\/+$/g, "");
      const entry = await findEntry(place.repo.git, place.commit.tree, path);
      if (entry === undefined) throw githubError(404, "Not Found");
      if (entry.kind === "tree") return presentFolder(forge, place, path, entry);
      if (entry.kind === "blob") return presentFile(forge, place, path, entry, ctx.accept);
      const body = { ...presentPlace(forge, place.repo, place.ref, path, entry), submodule_git_url: "" };
      return { status: 200, body };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/readme", {
    permission: { contents: "read" },
    handler: async (ctx) => {
      const place = await findPlace(ctx);
      const top = (await place.repo.git.tree(place.commit.tree)) ?? [];
      const entry = top.find((one) => one.kind === "blob" && /^readme(?:\.[a-z]+)?$/i.test(one.name));
      if (entry === undefined) throw githubError(404, "Not Found");
      return presentFile(forge, place, entry.name, entry, ctx.accept);
    },
  });
}
