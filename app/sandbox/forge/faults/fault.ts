/**
 * Bad days on demand: what a test asks the sandbox to do wrong, in the way in which GitHub does it. Patterns are texts in
 * which `*` stands for anything.
 */

/** Which of the things that a fault means it hits, counted from 1 since it was set; each if nothing is said. */
export type When = { nth: number } | { first: number } | { share: number; seed: number };

export type RequestFault = {
  kind: "request";
  /**
   * "POST /repos/{owner}/{repo}/git/refs", "* /repos/acme/shop/git/*"; "GIT /acme/shop/git-receive-pack" for a push;
   * "GET /_blobs/*", "POST /twirp/*" for what lies outside of the API, where nobody is asked who they are
   */
  on: string;
  /** login of the caller; "app/slug" for a JWT */
  by?: string;
  when?: When;
  /** "after": the work is done and stands, only the answer is lost; a git request knows this for "cut" alone, what lies outside of the API not at all */
  moment?: "before" | "after";
  /** 500 in JSON, 502 in HTML, no answer until the connection is closed, a connection cut at once, GitHub's secondary limit */
  does: "500" | "502" | "hold" | "cut" | "limit-403" | "limit-429";
  /** how long a connection is held (default 200 ms) */
  holdMs?: number;
  /** what the secondary limit says to wait (default 60 s, as GitHub does) */
  retryAfterSeconds?: number;
};

export type HookFault = {
  kind: "hook";
  /** "pull_request.opened", "push", "check_*"; what is delivered again by the API is never hit */
  on: string;
  when?: When;
  /** "late": held until the fault is released; "lost": never sent, no trace; "failed": the log says so, so it can be sent again */
  does: "late" | "twice" | "lost" | "failed";
};

export type RunnerFault = {
  kind: "runner";
  /** the name of a job */
  on: string;
  when?: When;
  /** the runner is gone before a step of this name (or number) begins, or when a line of the job's log says this */
  at: { step: string | number } | { line: string };
};

export type Fault = RequestFault | HookFault | RunnerFault;

/** In which order held webhooks go out. */
export type Order = "kept" | "reversed" | { seed: number };

/** A fault that has been set. */
export type SetFault = {
  readonly fault: Fault;
  /** how often it was looked at and meant; how often it struck */
  readonly seen: number;
  readonly fired: number;
  /** Sends the webhooks that it holds; it holds no more from now on. */
  release(order?: Order): void;
  /** It strikes no more; what it holds is lost. */
  remove(): void;
};
