import { type Forge, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import { nodeId } from "#sandbox/forge/present/account.ts";
import { presentApp } from "#sandbox/forge/present/app.ts";
import { presentPullsOf } from "./pulls-of-commit.ts";

export type CheckStatus = "queued" | "in_progress" | "completed" | "waiting" | "requested" | "pending";
export type CheckConclusion =
  | "action_required"
  | "cancelled"
  | "failure"
  | "neutral"
  | "success"
  | "skipped"
  | "stale"
  | "timed_out";

export type CheckAnnotation = {
  path: string;
  start_line: number;
  end_line: number;
  start_column?: number;
  end_column?: number;
  annotation_level: "notice" | "warning" | "failure";
  message: string;
  title?: string;
  raw_details?: string;
};

export type CheckAction = { label: string; description: string; identifier: string };

/** Collection "check-runs". Texts are the app's: untrusted. */
export type CheckRunRecord = {
  id: number;
  name: string;
  head_sha: string;
  /** id */
  suite: number;
  /** id */
  app: number;
  external_id: string;
  details_url: string | null;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  started_at: string | null;
  completed_at: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: readonly CheckAnnotation[];
  /** buttons */
  actions: readonly CheckAction[];
};

/** Throws 404. */
export function findCheckRun(repo: Repo, id: string | undefined): CheckRunRecord {
  const found = repo.store<CheckRunRecord>("check-runs").get(Number(id));
  if (found === undefined) throw githubError(404, "Not Found");
  return found;
}

/** Schema "check-run", also as `check_run` in webhooks. */
export function presentCheckRun(forge: Forge, repo: Repo, run: CheckRunRecord): JsonObject {
  const url = `${forge.urls.api}/repos/${repo.fullName}/check-runs/${run.id}`;
  const page = `${forge.urls.server}/${repo.fullName}/runs/${run.id}`;
  const app = forge.app(run.app);
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("CR", run.id),
    head_sha: run.head_sha,
    external_id: run.external_id,
    url,
    html_url: page,
    details_url: run.details_url ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.started_at,
    completed_at: run.completed_at,
    output: { ...run.output, annotations_count: run.annotations.length, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suite },
    app: app === undefined ? null : presentApp(forge, app),
    pull_requests: presentPullsOf(forge, repo, run.head_sha),
  };
}

/** Schema "check-annotation". */
export function presentAnnotation(
  forge: Forge,
  repo: Repo,
  run: CheckRunRecord,
  annotation: CheckAnnotation,
): JsonObject {
  const { start_column = null, end_column = null, title = null, raw_details = null } = annotation;
  const path = annotation.path.split("/").map(encodeURIComponent).join("/");
  const blob_href = `${forge.urls.server}/${repo.fullName}/blob/${run.head_sha}/${path}`;
  return { ...annotation, start_column, end_column, title, raw_details, blob_href };
}
