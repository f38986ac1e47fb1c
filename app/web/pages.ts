/**
 * What the static pages are made of: plain data, gathered by whoever shows them. Every text may come from strangers;
 * bodies and summaries are Markdown. Times are ISO 8601.
 */

/** The colour of a happening; it always comes with words. */
export type Light = "good" | "wait" | "bad" | "plain";

/** What a link on these pages may point to. */
export type Target =
  | { kind: "pull"; number: number }
  | { kind: "issue"; number: number }
  | { kind: "release"; tag: string };

/** One step of the story that the front page tells, oldest first. `label` says in a word or two what came of it. */
export type StoryStep = {
  at: string;
  light: Light;
  label: string;
  title: string;
  text: string;
  target: Target | undefined;
};

export type Conclusion = "success" | "failure" | "action_required" | "neutral" | "in_progress";

/** What happened on a pull request or an issue, oldest first. */
export type Happening =
  | { kind: "comment"; at: string; author: string; body: string }
  | { kind: "commit"; at: string; sha: string; message: string; author: string }
  | { kind: "check"; at: string; name: string; conclusion: Conclusion; title: string; summary: string }
  /** anything else, as a sentence: "merged", "labelled drift", "closed" */
  | { kind: "note"; at: string; light: Light; text: string };

export type PullPage = {
  number: number;
  title: string;
  author: string;
  state: "open" | "merged" | "closed";
  head: string;
  base: string;
  at: string;
  body: string;
  happenings: readonly Happening[];
};

export type IssuePage = {
  number: number;
  title: string;
  author: string;
  state: "open" | "closed";
  labels: readonly string[];
  at: string;
  body: string;
  happenings: readonly Happening[];
};

export type ReleasePage = {
  tag: string;
  title: string;
  at: string;
  commit: string;
  body: string;
  /** where this version stands now: "production" */
  stages: readonly string[];
  assets: readonly { name: string; size: number; sha256: string | undefined }[];
};

/** A whole repository as pages. */
export type Site = {
  title: string;
  /** one or two sentences under the title */
  lead: string;
  facts: readonly { label: string; value: string }[];
  story: readonly StoryStep[];
  pulls: readonly PullPage[];
  issues: readonly IssuePage[];
  releases: readonly ReleasePage[];
};
