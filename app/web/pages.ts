/**
 * What the pages are made of, those in a folder and those of a running sandbox: plain data, gathered by whoever shows
 * them. Every text may come from strangers; bodies and summaries are Markdown. Times are ISO 8601.
 */

/** The colour of a happening; it always comes with words. */
export type Light = "good" | "wait" | "bad" | "plain";

/** What a link on these pages may point to. */
export type Target =
  | { kind: "pull"; number: number }
  | { kind: "issue"; number: number }
  | { kind: "release"; tag: string }
  | { kind: "run"; run: number }
  | { kind: "job"; run: number; job: number };

/** One step of the story that the front page tells, oldest first. `label` says in a word or two what came of it. */
export type StoryStep = {
  at: string;
  light: Light;
  label: string;
  title: string;
  text: string;
  target: Target | undefined;
};

/** How a check, a run, a job or a step stands. */
export type Conclusion =
  | "success"
  | "failure"
  | "action_required"
  | "neutral"
  | "cancelled"
  | "skipped"
  | "stale"
  | "timed_out"
  | "in_progress"
  | "queued"
  | "waiting";

/** What happened on a pull request or an issue, oldest first. */
export type Happening =
  | { kind: "comment"; at: string; author: string; body: string }
  | { kind: "commit"; at: string; sha: string; message: string; author: string }
  | { kind: "check"; at: string; name: string; conclusion: Conclusion; title: string; summary: string }
  | {
      kind: "review";
      at: string;
      author: string;
      says: "approved" | "changes" | "commented";
      sha: string;
      body: string;
    }
  /** anything else, as a sentence: "merged", "labelled drift", "closed" */
  | { kind: "note"; at: string; light: Light; text: string };

/** One check of a pull request's head. */
export type CheckLine = {
  name: string;
  conclusion: Conclusion;
  title: string;
  /** nothing is merged without it */
  required: boolean;
  target: Target | undefined;
};

export type ChangedFile = {
  path: string;
  /** where it was before, of a renamed one */
  before: string | undefined;
  /** "added", "modified" … */
  status: string;
  additions: number;
  deletions: number;
  /** from the first hunk on, as git writes it; undefined for what is binary, too big or only renamed */
  patch: string | undefined;
};

/** What lists show of a pull request or an issue. */
export type Row<State> = { number: number; title: string; author: string; state: State; at: string };
export type PullRow = Row<"open" | "merged" | "closed" | "draft">;
export type IssueRow = Row<"open" | "closed"> & { labels: readonly string[] };

export type PullPage = PullRow & {
  labels: readonly string[];
  /** logins of who is asked for a review */
  reviewers: readonly string[];
  head: string;
  headSha: string;
  base: string;
  body: string;
  happenings: readonly Happening[];
  checks: readonly CheckLine[];
  /** whether it can be merged, as a sentence; undefined once it is closed */
  merging: { light: Light; text: string } | undefined;
  files: readonly ChangedFile[];
};

export type IssuePage = IssueRow & { body: string; happenings: readonly Happening[] };

export type ReleaseRow = {
  tag: string;
  title: string;
  at: string;
  /** where this version stands now: "production" */
  stages: readonly string[];
};
export type ReleasePage = ReleaseRow & {
  commit: string;
  body: string;
  assets: readonly { name: string; size: number; sha256: string | undefined; address: string | undefined }[];
};

/** One model at one stage. */
export type StageRow = {
  model: string;
  stage: string;
  /** undefined: nothing stands there */
  standing: { version: string; tag: string; since: string; pull: number | undefined; why: string } | undefined;
  /** why nobody can tell what stands there */
  problem: string | undefined;
};

export type StepLine = { number: number; name: string; conclusion: Conclusion; seconds: number | undefined };
export type JobPage = {
  id: number;
  name: string;
  conclusion: Conclusion;
  at: string;
  /** undefined until it has ended */
  seconds: number | undefined;
  steps: readonly StepLine[];
  annotations: readonly { level: "notice" | "warning" | "failure"; message: string }[];
  /** Markdown that its steps wrote */
  summary: string;
};
export type RunRow = {
  id: number;
  title: string;
  workflow: string;
  event: string;
  branch: string;
  conclusion: Conclusion;
  at: string;
};
export type RunPage = RunRow & {
  number: number;
  attempt: number;
  sha: string;
  actor: string;
  pulls: readonly number[];
  /** why it could not start */
  problems: readonly string[];
  jobs: readonly JobPage[];
};
/** A part of a job's log: whole lines, and where in the file the next ones begin. */
export type LogPart = { text: string; next: number; ended: boolean };

/** What the front page of a repository shows. */
export type Front = {
  title: string;
  /** one or two sentences under the title */
  lead: string;
  facts: readonly { label: string; value: string }[];
  story: readonly StoryStep[];
  stages: readonly StageRow[];
  pulls: readonly PullRow[];
  issues: readonly IssueRow[];
  releases: readonly ReleaseRow[];
  runs: readonly RunRow[];
};

/** A whole repository as pages. */
export type Site = Omit<Front, "pulls" | "issues" | "releases"> & {
  pulls: readonly PullPage[];
  issues: readonly IssuePage[];
  releases: readonly ReleasePage[];
};

/** What a person may do on a page, and as whom. */
export type Acts = {
  /** where the forms are sent to */
  address: string;
  /** logins, the usual one first */
  people: readonly string[];
  /** methods that the repository allows; empty where nothing can be merged */
  merge: readonly ("merge" | "squash" | "rebase")[];
  canReview: boolean;
  canClose: boolean;
  canReopen: boolean;
  canRevert: boolean;
};
