import type { Forge, ForgeEvent, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { findPull } from "#sandbox/forge/pulls/pull.ts";

/** What a run of an event is about: commits, refs, and what filters look at. */
export type Subject = {
  /** the commit whose workflow files count */
  workflowSha: string;
  sha: string;
  ref: string;
  headSha: string;
  headBranch: string | null;
  headRepository: Repo;
  headRef: string;
  baseRef: string;
  branch: string | undefined;
  tag: string | undefined;
  pullRequests: readonly number[];
  title: string;
  /** from where to where files changed; undefined: paths do not count for this event */
  changed: { from: string; to: string } | undefined;
  /** whether `[skip ci]` in the head commit keeps runs away */
  skippable: boolean;
};

const zero = "0".repeat(40);

/** Answers undefined where GitHub starts no runs: a deleted branch, a pull request in conflict. */
export async function findSubject(forge: Forge, event: ForgeEvent): Promise<Subject | undefined> {
  switch (event.name) {
    case "push":
      return ofPush(event);
    case "pull_request":
    case "pull_request_review":
      return ofPull(forge, event);
    case "merge_group":
      return ofMergeGroup(event);
    default:
      return ofDefaultBranch(event.repo, titleOf(event.payload));
  }
}

/** Events about no commit run the default branch's workflows on its head. */
export async function ofDefaultBranch(repo: Repo, title: string): Promise<Subject | undefined> {
  return ofRef(repo, `refs/heads/${repo.record.default_branch}`, title);
}

/** A branch or tag as it is. */
export async function ofRef(repo: Repo, ref: string, title: string): Promise<Subject | undefined> {
  const sha = await repo.git.resolve(ref);
  if (sha === undefined) return undefined;
  const name = ref.replace(/^refs\/(heads|tags)\//, "");
  const isTag = ref.startsWith("refs/tags/");
  return {
    workflowSha: sha,
    sha,
    ref,
    headSha: sha,
    headBranch: name,
    headRepository: repo,
    headRef: "",
    baseRef: "",
    branch: isTag ? undefined : name,
    tag: isTag ? name : undefined,
    pullRequests: [],
    title,
    changed: undefined,
    skippable: false,
  };
}

async function ofPush({ repo, payload }: ForgeEvent): Promise<Subject | undefined> {
  if (payload["deleted"] === true) return undefined;
  const sha = await repo.git.resolve(textOf(payload, "after"));
  if (sha === undefined) return undefined;
  const subject = await ofRef(repo, textOf(payload, "ref"), "");
  const message = (await repo.git.commit(sha))?.message ?? "";
  const before = textOf(payload, "before");
  const main = await repo.git.branch(repo.record.default_branch);
  const from = before === zero ? await mergeBase(repo, main, sha) : before;
  return subject === undefined
    ? undefined
    : {
        ...subject,
        workflowSha: sha,
        sha,
        headSha: sha,
        title: message.split("\n")[0] ?? "",
        changed: from === undefined ? undefined : { from, to: sha },
        skippable: true,
      };
}

async function ofPull(forge: Forge, { repo, payload, action }: ForgeEvent): Promise<Subject | undefined> {
  const number = Number(payload["number"] ?? objectOf(payload, "pull_request")["number"]);
  const found = findPull(repo, number);
  if (found === undefined) return undefined;
  const { pull, issue } = found;
  const isOver = action === "closed";
  const merge = isOver ? pull.merge_commit_sha : await forge.testMerge(repo, number);
  if (merge === null && !isOver) return undefined;
  const sha = merge ?? pull.head.sha;
  const base = `refs/heads/${pull.base.ref}`;
  const baseSha = isOver ? pull.base.sha : ((await repo.git.commit(sha))?.parents[0] ?? pull.base.sha);
  const from = await mergeBase(repo, baseSha, pull.head.sha);
  return {
    workflowSha: sha,
    sha,
    ref: pull.merged ? base : `refs/pull/${number}/merge`,
    headSha: pull.head.sha,
    headBranch: pull.head.ref,
    headRepository: forge.repoById(pull.head.repository) ?? repo,
    headRef: pull.head.ref,
    baseRef: pull.base.ref,
    branch: pull.base.ref,
    tag: undefined,
    pullRequests: [number],
    title: issue.title,
    changed: from === undefined ? undefined : { from, to: pull.head.sha },
    skippable: true,
  };
}

async function ofMergeGroup({ repo, payload }: ForgeEvent): Promise<Subject | undefined> {
  const group = objectOf(payload, "merge_group");
  const sha = textOf(group, "head_sha");
  const ref = textOf(group, "head_ref");
  if (sha === "") return undefined;
  const message = (await repo.git.commit(sha))?.message ?? "";
  const baseRef = textOf(group, "base_ref").replace(/^refs\/heads\//, "");
  return {
    workflowSha: sha,
    sha,
    ref,
    headSha: sha,
    headBranch: ref.replace(/^refs\/heads\//, ""),
    headRepository: repo,
    headRef: "",
    baseRef: "",
    branch: baseRef,
    tag: undefined,
    pullRequests: [],
    title: message.split("\n")[0] ?? "",
    changed: { from: textOf(group, "base_sha"), to: sha },
    skippable: false,
  };
}

async function mergeBase(repo: Repo, a: string | undefined, b: string): Promise<string | undefined> {
  return a === undefined ? undefined : repo.git.mergeBase(a, b);
}

function titleOf(payload: JsonObject): string {
  for (const key of ["issue", "pull_request", "release", "workflow_run", "check_run"]) {
    const about = objectOf(payload, key);
    const title = textOf(about, "title") || textOf(about, "display_title") || textOf(about, "name");
    if (title !== "") return title;
  }
  return "";
}

export function textOf(object: Readonly<JsonObject>, key: string): string {
  const value = object[key];
  return typeof value === "string" ? value : "";
}

export function objectOf(object: Readonly<JsonObject>, key: string): JsonObject {
  const value = object[key];
  return typeof value === "object" && value !== null ? { ...value } : {};
}
