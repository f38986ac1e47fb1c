import type { Annotation } from "#core/expect/annotate-data.ts";
import type { Tree } from "#core/identity/tree.ts";
import type { Locator } from "#core/evidence.ts";
import type { BlobSha, CommitSha, TreeSha } from "#core/names.ts";

/**
 * What the domain needs to know or have done, in its own words. Every adapter of a port passes the same contract suite
 * (test/contract). Whatever a port returns that people wrote (titles, messages, paths, bodies) is untrusted.
 * Errors: a thing that is not there is `undefined`; everything else throws a `ServiceError`.
 */

export type ServiceErrorCode =
  | "not-found"
  | "forbidden"
  | "conflict"
  | "refused"
  | "limited"
  | "unreachable"
  | "broken";

/** An adapter could not do what was asked. `code` is for programs, the message for people. */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;
  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ServiceError";
    this.code = code;
  }
}

export type Commit = { sha: CommitSha; tree: TreeSha; parents: readonly CommitSha[]; message: string };

/** Git objects and the default branch, read only. Everything but `defaultBranch` is immutable and may be cached. */
export type Repository = {
  defaultBranch(): Promise<{ name: string; head: CommitSha }>;
  commit(sha: CommitSha): Promise<Commit | undefined>;
  /** Every file of a commit's tree. Throws `refused` where the service cannot list it whole. */
  tree(sha: CommitSha | TreeSha): Promise<Tree>;
  blob(sha: BlobSha): Promise<Uint8Array>;
  mergeBase(a: CommitSha, b: CommitSha): Promise<CommitSha | undefined>;
  /** Does a merge queue merge into this branch? Not known is a no. */
  hasQueue(branch: string): Promise<boolean>;
};

export type PullRequest = {
  number: number;
  title: string;
  state: "open" | "closed";
  merged: boolean;
  /** where it was merged; undefined while open */
  mergeCommit: CommitSha | undefined;
  /** the service's test merge of head into base; only believed if its parents are exactly base and head */
  testMerge: CommitSha | undefined;
  /** undefined while the service is still thinking */
  mergeable: boolean | undefined;
  /** how many comments there are; undefined where the service did not say */
  comments?: number | undefined;
  head: { sha: CommitSha; ref: string };
  base: { sha: CommitSha; ref: string };
  /** the head lives in another repository */
  fork: boolean;
  draft: boolean;
  author: string;
  labels: readonly string[];
  body: string;
  closedAt?: Date | undefined;
};

export type PullRequests = {
  get(number: number): Promise<PullRequest>;
  /** The same, after a moment's patience until the service has found out whether it can be merged. */
  getSettled(number: number): Promise<PullRequest>;
  /** Open pull requests onto a branch, oldest first, all pages. */
  openOnto(branch: string): Promise<readonly PullRequest[]>;
  /** Pull requests that brought this commit to the default branch. */
  ofCommit(sha: CommitSha): Promise<readonly PullRequest[]>;
  /** The open pull request whose head is this branch of this repository. */
  fromBranch(branch: string): Promise<PullRequest | undefined>;
  /** Pull requests whose head is, or was, this branch of this repository, newest first, at most 100. */
  ofBranch(branch: string): Promise<readonly PullRequest[]>;
  /** Has somebody approved it and not taken that back, or is it in a merge queue? Then nobody else may move it. */
  isSettled(number: number): Promise<"approved" | "queued" | undefined>;
  /** Messages of its commits, oldest first. */
  messages(number: number): Promise<readonly string[]>;
  open(draft: { title: string; body: string; head: string; base: string }): Promise<PullRequest>;
  edit(number: number, change: { title?: string; body?: string }): Promise<void>;
  requestReviewers(number: number, reviewers: readonly string[]): Promise<void>;
};

export type CheckState =
  | { kind: "in_progress" }
  | { kind: "completed"; conclusion: "success" | "failure" | "action_required" | "neutral" };

export type Check = {
  state: CheckState;
  title: string;
  summary: string;
  externalId: string;
  /** remarks beside lines, at most 50: written once, when the check completes, as those that are there stay there */
  annotations?: readonly Annotation[];
};

/** The check run `trainyard` of a commit. */
export type Checks = {
  find(head: CommitSha): Promise<(Check & { id: number }) | undefined>;
  create(head: CommitSha, check: Check): Promise<void>;
  update(id: number, check: Check): Promise<void>;
};

/** Comments of ours on issues and pull requests: only those under our own authorship are ever returned. */
export type Comments = {
  own(issue: number): Promise<readonly { id: number; body: string; updatedAt?: Date }[]>;
  create(issue: number, body: string): Promise<{ id: number }>;
  update(id: number, body: string): Promise<void>;
  remove(id: number): Promise<void>;
};

export type Issue = { number: number; title: string; body: string; state: "open" | "closed" };

/** Issues of ours, found through listing (never search), newest last, all pages; pull requests left out. */
export type Issues = {
  own(label: string): Promise<readonly Issue[]>;
  create(issue: { title: string; body: string; labels: readonly string[] }): Promise<Issue>;
  update(number: number, change: { title?: string; body?: string; state?: "open" | "closed" }): Promise<void>;
};

/** The branch `trainyard`: JSON files, append-mostly, written by fast-forward commits. */
export type EvidenceStore = {
  /** Paths of every record. One read; a missing branch is an empty list. */
  list(): Promise<readonly string[]>;
  /** The record's text, or undefined: as of the last `list` or `write` of this store, or newer. */
  read(path: string): Promise<string | undefined>;
  /** Adds or replaces files in one commit on top of whatever is there now. No change, no commit. Retries a lost race. */
  write(files: ReadonlyMap<string, string>, message: string): Promise<void>;
};

export type TagRef = { name: string; object: string; annotated: boolean };
export type TagObject = { name: string; target: CommitSha; message: string; date: Date; tagger: string };

/** Tags. Creating a ref that exists answers `exists`: whoever loses reads again. */
export type Tags = {
  /** Every tag whose name starts with this prefix. */
  list(prefix: string): Promise<readonly TagRef[]>;
  read(object: string): Promise<TagObject | undefined>;
  create(tag: { name: string; target: CommitSha; message: string; date: Date }): Promise<"created" | "exists">;
};

export type ReleaseAsset = { name: string; size: number; sha256: string | undefined };
export type Release = {
  id: number;
  tag: string;
  draft: boolean;
  title: string;
  body: string;
  url: string;
  assets: readonly ReleaseAsset[];
};

export type Releases = {
  /** Drafts included. */
  find(tag: string): Promise<Release | undefined>;
  /** Where two make one at once, the oldest wins: the other one's goes, and both get the oldest. */
  createDraft(release: { tag: string; target: CommitSha; title: string; body: string }): Promise<Release>;
  upload(release: number, name: string, file: string): Promise<void>;
  removeAsset(release: number, name: string): Promise<void>;
  /** `text` replaces what the draft was begun with. */
  publish(release: number, text?: { title: string; body: string }): Promise<void>;
};

/** Model files and predictions, wherever they lie. */
export type Bytes = {
  /**
   * Writes what the locator names into the (existing, empty) folder under its own relative paths and returns those.
   * `undefined`: the bytes cannot be had any more. The caller hashes what it got: nothing here is trusted.
   */
  fetch(locator: Locator, folder: string): Promise<readonly string[] | undefined>;
  /** Can the bytes still be had? */
  available(locator: Locator): Promise<boolean>;
};

export type Deployments = {
  /** Records once that a version stands at an environment, with its state `success`. */
  record(deployment: { environment: string; ref: CommitSha; version: string; description: string }): Promise<void>;
};

export type WorkflowRun = {
  id: number;
  createdAt?: Date;
  attempt: number;
  event: string;
  head: CommitSha;
  branch: string;
  path: string;
  status: string;
  /** `action_required`: nothing of it has run, somebody has to approve it */
  conclusion: string | undefined;
  pull: number | undefined;
  fork: boolean;
  url: string;
};

export type Workflows = {
  /** Does a pull request of ours start a run by itself? One that a workflow's token opened waits for an approval. */
  oursStart: boolean;
  /** A run of our workflow; undefined for any other one's. */
  run(id: number): Promise<WorkflowRun | undefined>;
  /** Newest first; runs of our workflow at this head. */
  runsOf(head: CommitSha): Promise<readonly WorkflowRun[]>;
  /** The bytes of one small file of a run's artifact, capped at 32 MB; undefined where there is none. Untrusted. */
  record(run: number, artifact: string, file: string): Promise<Uint8Array | undefined>;
  /** Starts the loop on the default branch by hand. */
  dispatch(inputs: Readonly<Record<string, string>>): Promise<{ run: number | undefined }>;
  cancel(run: number): Promise<void>;
  /**
   * Where a job of the run is the required check: has the run look again and say its verdict anew. Whatever it trained
   * is known by then. Does nothing where the check is the app's own, or the service will not run it again.
   */
  sayAgain(run: number): Promise<void>;
};

export type People = {
  /** May this person write? Read from the service when asked; an error is a no. */
  mayWrite(login: string): Promise<boolean>;
};

export type Branches = {
  head(branch: string): Promise<CommitSha | undefined>;
  /**
   * One commit with these files added or replaced on top of `parent`; `branch` then points to it (created if missing).
   * `expected`: where the branch is now; a `conflict` where somebody has moved it.
   */
  commit(commit: {
    branch: string;
    parent: CommitSha;
    files: ReadonlyMap<string, Uint8Array>;
    message: string;
    expected?: CommitSha | undefined;
  }): Promise<CommitSha>;
};

/** Everything that a flow may use. Flows take the part they need. */
export type Ports = {
  repository: Repository;
  pulls: PullRequests;
  checks: Checks;
  comments: Comments;
  issues: Issues;
  evidence: EvidenceStore;
  tags: Tags;
  releases: Releases;
  bytes: Bytes;
  deployments: Deployments;
  workflows: Workflows;
  people: People;
  branches: Branches;
  now(): Date;
};
