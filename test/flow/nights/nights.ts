import { configPath } from "#core/config/config.ts";
import type { DriftReport } from "#core/drift/drift-record.ts";
import { parseCommitSha } from "#core/names.ts";
import type { WatchRecord } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import { reportWatch, watchArtifact } from "#flow/watch/report-watch.ts";
import { localConfig } from "#test/flow/local/local-loop.ts";
import { openWorld } from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

/** What a watch finds: effects of columns whose alarm is at 0.1, or why it found nothing. */
export type Found = {
  columns?: Readonly<Record<string, number>>;
  verdict?: "error" | "not-enough-data";
  /** production's lead over the baseline is lost, and two blocks say so */
  leadLost?: boolean;
  version?: string;
  model?: string;
  /** what the command `retrain` brought, by path */
  brings?: Readonly<Record<string, string>>;
  failure?: string;
};

/** A model in production whose nights pass one by one, in memory. Each step is a new process. */
export class Nights {
  readonly world: LocalWorld;
  /** does the app write, or a workflow's token? */
  readonly writer: "app" | "actions";
  /** what GitHub answers when somebody is asked to review */
  askReviewers: Ports["pulls"]["requestReviewers"] | undefined;
  #run = 400;

  constructor(world: LocalWorld, writer: "app" | "actions" = "app") {
    this.world = world;
    this.writer = writer;
  }

  static async open(monitor = "", writer: "app" | "actions" = "app"): Promise<Nights> {
    const nights = new Nights((await start()).copy(), writer);
    nights.world.commit("main", { [configPath]: config(monitor) }, "Watch");
    return nights;
  }

  ports(): Ports {
    const ports = this.world.ports();
    const requestReviewers = this.askReviewers ?? ports.pulls.requestReviewers;
    return {
      ...ports,
      pulls: { ...ports.pulls, requestReviewers },
      workflows: { ...ports.workflows, oursStart: this.writer === "app" },
    };
  }

  /** So many days pass, in which nobody watches. */
  pass(days: number): void {
    this.world.memory.minutes += days * 1_440;
  }

  /** A day passes, and its watch leaves what it found: answers its run. Nobody has reported it yet. */
  watch(found: Found, { days = 1, run = (this.#run += 1) }: { days?: number; run?: number } = {}): number {
    this.pass(days);
    const { world } = this;
    world.memory.runs = world.memory.runs.filter(({ id }) => id !== run);
    world.memory.runs.push({
      id: run,
      attempt: 1,
      event: "schedule",
      head: world.head,
      branch: "main",
      path: ".github/workflows/trainyard.yml",
      status: "completed",
      conclusion: "success",
      pull: undefined,
      fork: false,
      url: `https://github.test/ada/shop/actions/runs/${run}`,
    });
    const record = recordOf(found, world.head, world.now());
    world.storage.artifacts[`${run}/${watchArtifact.artifact}/${watchArtifact.file}`] = JSON.stringify(record);
    return run;
  }

  async report(run: number): Promise<void> {
    await reportWatch(this.ports(), run);
    this.#followBranches();
  }

  /** A whole night. */
  async night(found: Found, options: { days?: number; run?: number } = {}): Promise<void> {
    await this.report(this.watch(found, options));
  }

  get issues(): LocalWorld["memory"]["issues"] {
    return this.world.memory.issues.filter(({ labels }) => labels.includes("trainyard-drift"));
  }

  /** "open churn: drift since v1.0.0"; "" where there is none. */
  get issue(): string {
    return this.issues.map(({ state, title }) => `${state} ${title}`).join(", ");
  }

  get body(): string {
    return this.issues[0]?.body ?? "";
  }

  /** First words of all that was said below the issue. */
  get said(): readonly string[] {
    const number = this.issues[0]?.number;
    const comments = this.world.memory.comments.filter(({ issue }) => issue === number);
    return comments.map(({ body }) => /\*\*(.+?)\*\*/.exec(body)?.[1] ?? body.split("\n")[0] ?? "");
  }

  /** "open Train churn on newer data". */
  get pulls(): readonly string[] {
    return this.retraining.map(({ state, head }) => `${state} ${head.ref}`);
  }

  get retraining(): LocalWorld["memory"]["pulls"] {
    return this.world.memory.pulls.filter(({ head }) => head.ref.startsWith("retrain/"));
  }

  /** Somebody merges the retraining pull request as a squash, with what it brings. */
  merge(): void {
    const pull = this.retraining.findLast(({ state }) => state === "open");
    if (pull === undefined) throw new Error("No retraining pull request is open");
    const tree = this.world.git.tree(pull.head.sha);
    const { git } = this.world;
    const commit = git.commit({ parents: [this.world.head], files: {}, tree, message: pull.title });
    git.setRef("refs/heads/main", commit);
    Object.assign(pull, { state: "closed", merged: true, mergeCommit: commit, closedAt: this.world.now() });
  }

  close(): void {
    for (const pull of this.retraining) Object.assign(pull, { state: "closed", closedAt: this.world.now() });
  }

  /** What a reader sees of the issue now. */
  show(): string {
    const [issue] = this.issues;
    if (issue === undefined) return "No issue.";
    const text = issue.body.slice(0, issue.body.lastIndexOf("\n\n<!-- trainyard:"));
    const comments = this.world.memory.comments.filter((one) => one.issue === issue.number);
    const said = comments.map(({ body }) => `> ${body.split("\n\n<!--")[0]}`);
    const pulls = this.pulls.map((pull) => `Pull request: ${pull}`);
    return [`Issue #${issue.number} is ${issue.state}: ${issue.title}`, text, ...said, ...pulls].join("\n\n");
  }

  #followBranches(): void {
    for (const pull of this.retraining) {
      const head = this.world.git.ref(`refs/heads/${pull.head.ref}`);
      if (pull.state === "open" && head !== undefined) pull.head = { ...pull.head, sha: parseCommitSha(head) };
    }
  }
}

let started: Promise<LocalWorld> | undefined;
const start = async (): Promise<LocalWorld> => await (started ??= openWorld());

export function config(monitor: string): string {
  return `${localConfig("{}")}    monitor:
      current: { run: sh fetch.sh, output: current.csv }
      retrain: { run: sh collect.sh }
${monitor}`;
}

/** What a job `watch` that found this leaves behind. */
export function recordOf(found: Found, head: string, now: Date): WatchRecord {
  const report = reportOf(found, now);
  const files = Object.entries(found.brings ?? {}).map(([path, text]) => ({
    path,
    base64: Buffer.from(text).toString("base64"),
  }));
  const brought = found.brings !== undefined || found.failure !== undefined;
  const retrain = brought ? [{ model: report.model, files, failure: found.failure ?? null }] : [];
  return { schema: "trainyard/watch/1", head, reports: [report], retrain };
}

function reportOf(
  { columns = {}, verdict, leadLost = false, version = "v1.0.0", model = "churn" }: Found,
  now: Date,
): DriftReport {
  const drifted = Object.entries(columns).filter(([, effect]) => effect >= 0.1);
  const lead = { point: leadLost ? 0.02 : 0.05, low: 0.01, high: 0.06, n: 400 };
  return {
    schema: "trainyard/drift/1",
    model,
    version,
    verdict: verdict ?? (drifted.length > 0 || leadLost ? "drift" : "quiet"),
    because:
      verdict === undefined
        ? drifted.map(([column]) => `"${column}" has moved`).join(", ") || (leadLost ? "the lead is lost" : "as it was")
        : "the command failed with exit code 1",
    reference: { files: ["train.csv"], rows: 1_000 },
    current: { files: ["current.csv"], rows: 300 },
    columns: Object.entries(columns).map(([column, effect]) => ({
      column,
      kind: "numeric",
      effect,
      threshold: 0.1,
      effectName: "ks",
      p: 1e-9,
      adjustedP: 1e-8,
      drifted: effect >= 0.1,
      moved: [{ value: "median", before: 40, now: 40 + Math.round(effect * 100) }],
      because: "",
    })),
    lead: leadLost
      ? { metric: "auc", now: lead, atPromotion: { ...lead, point: 0.05 }, change: null, drifted: true }
      : null,
    at: now.toISOString(),
  };
}
