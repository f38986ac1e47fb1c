import { githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import type { Signature, TagObject } from "#sandbox/forge/git/objects.ts";
import { objectId } from "#sandbox/forge/git/ref-name.ts";
import { emailOf, signatureOf } from "#sandbox/forge/git/signature.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { nodeId } from "#sandbox/forge/present/account.ts";
import { presentGitCommit, presentSignature } from "#sandbox/forge/present/commit.ts";
import type { Account } from "#sandbox/forge/records.ts";

export type WrittenSignature = { name?: string; email?: string; date?: string };

/** A signature as a caller gave it, completed from the caller's account. Throws 422 for a date that is none. */
export function readSignature(written: WrittenSignature | undefined, account: Account | null, now: Date): Signature {
  const own = account === null ? undefined : signatureOf(account, now);
  const at = written?.date === undefined ? now : new Date(written.date);
  if (Number.isNaN(at.getTime())) throw githubError(422, "Invalid request.\n\ndate wasn't a valid ISO 8601 timestamp");
  const zone = /([+-]\d{2}):?(\d{2})$/.exec(written?.date ?? "");
  return {
    name: written?.name ?? own?.name ?? "",
    email: written?.email ?? own?.email ?? (account === null ? "" : emailOf(account)),
    seconds: Math.floor(at.getTime() / 1000),
    zone: zone === null ? "+0000" : `${zone[1]}${zone[2]}`,
  };
}

/** Schema "git-tag". */
function presentTag(forge: ForgeInside, repo: Repo, tag: TagObject): JsonObject {
  const url = `${forge.urls.api}/repos/${repo.fullName}/git`;
  return {
    node_id: nodeId("TAG", repo.id) + tag.sha.slice(0, 12),
    sha: tag.sha,
    url: `${url}/tags/${tag.sha}`,
    tagger: presentSignature(tag.tagger ?? { name: "", email: "", seconds: 0, zone: "+0000" }),
    object: { sha: tag.object, type: tag.kind, url: `${url}/${tag.kind}s/${tag.object}` },
    tag: tag.tag,
    message: tag.message,
    verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
  };
}

type NewCommit = {
  message: string;
  tree: string;
  parents?: readonly string[];
  author?: WrittenSignature;
  committer?: WrittenSignature;
};
type NewTag = { tag: string; message: string; object: string; type: string; tagger?: WrittenSignature };

/** Commit, blob and tag objects: made without any ref, read by id. */
export function registerGitObjects(forge: ForgeInside): void {
  forge.route("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", {
    permission: { contents: "read" },
    handler: async ({ repo, params }) => {
      const commit = await repo.git.commit(params["commit_sha"] ?? "");
      if (commit === undefined) throw githubError(404, "Not Found");
      return { status: 200, body: presentGitCommit(forge, repo, commit) };
    },
  });
  forge.route<NewCommit>("POST /repos/{owner}/{repo}/git/commits", {
    permission: { contents: "write" },
    handler: async ({ repo, body, actor }) => {
      const { git } = repo;
      if ((await git.tree(body.tree)) === undefined) throw githubError(422, "Tree SHA does not exist");
      const parents = body.parents ?? [];
      const found = await Promise.all(parents.map((parent) => git.commit(parent)));
      if (found.includes(undefined)) throw githubError(422, "Parent SHA does not exist or is not a commit object");
      const author = readSignature(body.author, actor.account, forge.now());
      const committer =
        body.committer === undefined ? author : readSignature(body.committer, actor.account, forge.now());
      const { tree, message } = body;
      const sha = await git.writeCommit({ tree, parents, author, committer, message });
      const commit = await git.commit(sha);
      if (commit === undefined) throw new Error(`Commit ${sha} was written and is not there`);
      return { status: 201, body: presentGitCommit(forge, repo, commit) };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", {
    permission: { contents: "read" },
    handler: async ({ repo, params, accept }) => {
      const sha = params["file_sha"] ?? "";
      const bytes = await repo.git.blob(sha);
      if (bytes === undefined) throw githubError(404, "Not Found");
      if (accept.includes("raw")) {
        return { status: 200, body: bytes, headers: { "content-type": "application/vnd.github.raw; charset=utf-8" } };
      }
      return {
        status: 200,
        body: {
          sha,
          node_id: nodeId("B", repo.id) + sha.slice(0, 12),
          size: bytes.length,
          url: `${forge.urls.api}/repos/${repo.fullName}/git/blobs/${sha}`,
          content: foldBase64(bytes),
          encoding: "base64",
        },
      };
    },
  });
  forge.route<{ content: string; encoding?: string }>("POST /repos/{owner}/{repo}/git/blobs", {
    permission: { contents: "write" },
    handler: async ({ repo, body }) => {
      const { content, encoding = "utf-8" } = body;
      if (encoding !== "utf-8" && encoding !== "base64")
        throw githubError(422, "Invalid request.\n\nencoding must be utf-8 or base64");
      const bytes = encoding === "base64" ? readBase64(content) : Buffer.from(content, "utf8");
      const sha = await repo.git.writeBlob(bytes);
      const url = `${forge.urls.api}/repos/${repo.fullName}/git/blobs/${sha}`;
      return { status: 201, body: { sha, url }, headers: { location: url } };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/git/tags/{tag_sha}", {
    permission: { contents: "read" },
    handler: async ({ repo, params }) => {
      const tag = await repo.git.tag(params["tag_sha"] ?? "");
      if (tag === undefined) throw githubError(404, "Not Found");
      return { status: 200, body: presentTag(forge, repo, tag) };
    },
  });
  forge.route<NewTag>("POST /repos/{owner}/{repo}/git/tags", {
    permission: { contents: "write" },
    handler: async ({ repo, body, actor }) => {
      const { tag, message, object, type } = body;
      const found = objectId.test(object) ? await repo.git.info(object) : undefined;
      if (found === undefined) throw githubError(422, "Object does not exist");
      if (found.kind !== type) throw githubError(422, `Object is a ${found.kind}, not a ${type}`);
      const tagger = readSignature(body.tagger, actor.account, forge.now());
      const sha = await repo.git.writeTag({ tag, message, object, kind: type, tagger });
      return { status: 201, body: presentTag(forge, repo, { sha, tag, message, object, kind: type, tagger }) };
    },
  });
}

/** Base64 in lines of 60, as GitHub sends it. */
export function foldBase64(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll(/.{1,60}/g, "$&\n");
}

/** Throws 422 for what is no base64. */
export function readBase64(text: string): Buffer {
  const dense = text.replaceAll(/\s/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(dense)) throw githubError(422, "content is not valid Base64");
  return Buffer.from(dense, "base64");
}
