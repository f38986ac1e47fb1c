import type { JsonObject, Repo } from "#sandbox/forge/contract.ts";
import type { FileDiff } from "#sandbox/forge/git/diff.ts";
import type { CommitObject, Signature } from "#sandbox/forge/git/objects.ts";
import { emailOf, instantOf } from "#sandbox/forge/git/signature.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import type { Account } from "#sandbox/forge/records.ts";
import { nodeId, presentAccount } from "./account.ts";

export function presentSignature(signature: Signature): JsonObject {
  return { name: signature.name, email: signature.email, date: instantOf(signature) };
}

const unsigned = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

/** Schema "git-commit". */
export function presentGitCommit(forge: ForgeInside, repo: Repo, commit: CommitObject): JsonObject {
  const { urls } = forge;
  const url = `${urls.api}/repos/${repo.fullName}/git`;
  const page = `${urls.server}/${repo.fullName}/commit`;
  return {
    sha: commit.sha,
    node_id: nodeId("C", repo.id) + commit.sha.slice(0, 12),
    url: `${url}/commits/${commit.sha}`,
    html_url: `${page}/${commit.sha}`,
    author: presentSignature(commit.author),
    committer: presentSignature(commit.committer),
    tree: { sha: commit.tree, url: `${url}/trees/${commit.tree}` },
    message: commit.message.replace(/\n+$/, ""),
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/commits/${sha}`, html_url: `${page}/${sha}` })),
    verification: unsigned,
  };
}

/** The account behind an address in a commit; nobody is common. */
export function accountOfEmail(forge: ForgeInside, email: string): Account | undefined {
  const wanted = email.toLowerCase();
  return forge.state.accounts.find((account) => emailOf(account).toLowerCase() === wanted);
}

/** Schema "commit", without files. */
export function presentCommit(forge: ForgeInside, repo: Repo, commit: CommitObject): JsonObject {
  const { urls } = forge;
  const url = `${urls.api}/repos/${repo.fullName}/commits`;
  const page = `${urls.server}/${repo.fullName}/commit`;
  const { author, committer, tree, message, verification } = presentGitCommit(forge, repo, commit);
  const person = ({ email }: Signature): JsonObject | null => {
    const account = accountOfEmail(forge, email);
    return account === undefined ? null : presentAccount(urls, account);
  };
  return {
    sha: commit.sha,
    node_id: nodeId("C", repo.id) + commit.sha.slice(0, 12),
    commit: {
      author,
      committer,
      message,
      tree,
      url: `${urls.api}/repos/${repo.fullName}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification,
    },
    url: `${url}/${commit.sha}`,
    html_url: `${page}/${commit.sha}`,
    comments_url: `${url}/${commit.sha}/comments`,
    author: person(commit.author),
    committer: person(commit.committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/${sha}`, html_url: `${page}/${sha}` })),
  };
}

/** Schema "diff-entry". */
export function presentFile(forge: ForgeInside, repo: Repo, file: FileDiff, ref: string): JsonObject {
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  const page = `${forge.urls.server}/${repo.fullName}`;
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${ref}/${path}`,
    raw_url: `${page}/raw/${ref}/${path}`,
    contents_url: `${forge.urls.api}/repos/${repo.fullName}/contents/${path}?ref=${ref}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}
