/**
 * What the forge remembers. Every record has an `id` from one counter of the whole forge; instants are ISO 8601 in UTC
 * with seconds, as GitHub sends them. Text fields hold what callers sent: untrusted.
 */

export type Level = "read" | "write" | "admin";
export type PermissionName =
  | "actions"
  | "administration"
  | "attestations"
  | "checks"
  | "contents"
  | "deployments"
  | "environments"
  | "id-token"
  | "issues"
  | "merge_queues"
  | "metadata"
  | "packages"
  | "pages"
  | "pull_requests"
  | "repository_hooks"
  | "secrets"
  | "statuses"
  | "workflows";
export type Permissions = Readonly<Partial<Record<PermissionName, Level>>>;
export type Role = "read" | "triage" | "write" | "maintain" | "admin";

export type Account = {
  id: number;
  login: string;
  type: "User" | "Bot" | "Organization";
  name: string | null;
  email: string | null;
  /** ISO 8601 */
  created_at: string;
};

export type AppRecord = {
  id: number;
  slug: string;
  name: string;
  /** login */
  owner: string;
  permissions: Permissions;
  events: readonly string[];
  /** PEM, SPKI; null for an app that signs no JWT (github-actions) */
  publicKey: string | null;
  created_at: string;
};

export type InstallationRecord = {
  id: number;
  /** id of the app */
  app: number;
  /** login of the account it is installed on */
  account: string;
  /** `null`: all repositories of the account */
  repositories: readonly number[] | null;
  permissions: Permissions;
  events: readonly string[];
  created_at: string;
};

export type RepositoryRecord = {
  id: number;
  /** login */
  owner: string;
  name: string;
  description: string | null;
  private: boolean;
  default_branch: string;
  /** login → role; the owner is always admin */
  collaborators: Record<string, Role>;
  allow_merge_commit: boolean;
  allow_squash_merge: boolean;
  allow_rebase_merge: boolean;
  delete_branch_on_merge: boolean;
  /** branch → names of checks without which nothing is merged into it */
  required_checks?: Record<string, readonly string[]>;
  /** ids of the repository it was forked from and of the one that began it all; absent: it is no fork */
  fork?: { parent: number; root: number };
  /** the last number given to an issue or pull request */
  lastNumber: number;
  created_at: string;
  updated_at: string;
  pushed_at: string;
};

export type LabelRecord = { id: number; name: string; color: string; description: string | null };

/** Collection "issues": issues AND pull requests share it (and their numbers). `pull` marks a pull request. */
export type IssueRecord = {
  id: number;
  number: number;
  title: string;
  body: string | null;
  /** login of the author */
  user: string;
  /** id of the app it was written through */
  app: number | null;
  /** names; a label that is not in the collection "labels" yet is added to it by whoever sets it */
  labels: readonly string[];
  /** logins */
  assignees: readonly string[];
  state: "open" | "closed";
  state_reason: "completed" | "not_planned" | "reopened" | null;
  locked: boolean;
  /** number of comments */
  comments: number;
  pull: boolean;
  created_at: string;
  updated_at: string;
  closed_at: string | null;
  /** login */
  closed_by: string | null;
};

/** Collection "pulls": what a pull request has besides its IssueRecord of the same number. */
export type PullRecord = {
  id: number;
  number: number;
  draft: boolean;
  head: { repository: number; ref: string; sha: string };
  base: { ref: string; sha: string };
  merged: boolean;
  merged_at: string | null;
  /** login */
  merged_by: string | null;
  /** the test merge while open, the real merge once merged */
  merge_commit_sha: string | null;
  mergeable: boolean | null;
  /** people who may write to the base may push to the fork's branch; absent: no */
  maintainer_can_modify?: boolean;
  /** base and head of which `mergeable` was computed */
  tested: { base: string; head: string } | null;
  /** logins */
  reviewers: readonly string[];
};

export type HookRecord = {
  id: number;
  /** an app's hook, or a repository's */
  target: { kind: "app"; app: number } | { kind: "repository"; repository: number };
  url: string;
  secret: string | null;
  events: readonly string[];
  active: boolean;
};

export type DeliveryRecord = {
  id: number;
  hook: number;
  guid: string;
  event: string;
  action: string | null;
  installation: number | null;
  repository: number | null;
  redelivery: boolean;
  delivered_at: string;
  durationMs: number;
  /** "OK", or what went wrong */
  status: string;
  status_code: number;
  request: { headers: Record<string, string>; payload: unknown };
  response: { headers: Record<string, string>; payload: string };
};
