import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Octokit } from "@octokit/rest";
import { parseModelName } from "#core/names.ts";
import type { Standing } from "#core/registry/registry.ts";
import type { Ports } from "#core/ports.ts";
import type { Verdict } from "#core/gate/verdict.ts";
import type { Sandbox } from "#cli/sandbox/start-sandbox.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import { judgePull } from "#flow/pull/reconcile-pull.ts";
import { jobsOf, runsOf } from "#sandbox/actions/link/run-store.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import { here } from "./repository-files.ts";
import { readRequests, type Requests } from "./read-requests.ts";

/** What there is to see on a story's repository. `model` is "churn" unless said. */
export type StoryReaders = {
  /** What was said last about this head and recipe; `not_affected` where nothing was to be said. */
  verdict(
    pull: number,
    model?: string,
  ): Promise<Verdict["kind"] | "pending" | "conflict" | "problems" | "no-config" | "elsewhere">;
  /** The check `trainyard` on the head, and what the job that decides says. */
  check(pull: number): Promise<{ title: string; conclusion: string | null; job: string | null }>;
  /** The report on a pull request, without what only machines read and with digests shortened; "" where there is none. */
  text(pull: number): Promise<string>;
  /** The first lines of the report that hold something. */
  firstLines(pull: number, count?: number): Promise<string>;
  /** Every comment that was not written by a person, oldest first, cleaned as `text`. */
  answers(issue: number): Promise<readonly string[]>;
  /** What stands at the last stage, undefined where nothing does. */
  production(model?: string): Promise<string | undefined>;
  /** All that is known of what stands at the last stage: digest, who said yes, why. */
  standing(model?: string): Promise<Standing | undefined>;
  versions(model?: string): Promise<readonly string[]>;
  /** The model file of a version as its release gives it to whoever asks: digest of the bytes, and the bytes as text. */
  model(version: string, model?: string): Promise<{ sha256: string; text: string }>;
  /** Trainings that were started so far, failed ones included. */
  trainings(model?: string): number;
  /** Names of every job that ran, oldest first: "pull_request: plan". */
  jobs(): readonly string[];
  /** An issue, cleaned as `text`. */
  issue(number: number): Promise<{ title: string; body: string; state: string }>;
  /** Open issues that say what waits for /promote. */
  waiting(): Promise<readonly { number: number; title: string; body: string }[]>;
  /** Requests to the API since the last call of `mark`, by whom. */
  mark(): void;
  requests(): Requests;
  /** What a story ends in, told of one pull request: `check` is what the required check says to whoever would merge. */
  ending(pull?: number, model?: string): Promise<Ending>;
  /** Takes what went wrong behind the scenes; what nobody takes fails the story when it closes. */
  takeProblems(): readonly string[];
};

export type Ending = {
  verdict?: string;
  check?: string | null;
  production: string;
  trainings: number;
  waits: number;
};

export function readStory(from: {
  sandbox: Sandbox;
  repo: Repo;
  octokit: Octokit;
  ports: Ports;
  writer: "app" | "actions";
  problems: string[];
}): StoryReaders {
  const { sandbox, repo, octokit, ports, writer } = from;
  let [marked, failed] = [0, 0];
  const standing = async (model = "churn"): Promise<Standing | undefined> =>
    (await (await readRegistry(ports.tags, { name: parseModelName(model) })).standing("production")).standing;
  type Ran = { event: string; name: string; skipped: boolean; log: string };
  const jobs = (): Ran[] =>
    runsOf(repo)
      .toSorted((a, b) => a.id - b.id)
      .flatMap((run) =>
        jobsOf(repo, run.id).map((job) => ({
          event: run.event,
          name: job.name,
          skipped: job.conclusion === "skipped",
          log: sandbox.actions.logPath(job),
        })),
      );
  const answers = async (issue: number): Promise<readonly string[]> => {
    const { data } = await octokit.rest.issues.listComments({ ...here, issue_number: issue, per_page: 100 });
    return data.filter(({ user }) => user?.type === "Bot").map(({ body }) => body ?? "");
  };
  const readers: StoryReaders = {
    async verdict(pull, model = "churn") {
      const { observed, models } = await judgePull(ports, pull, [], { expecting: false });
      if (observed.outcome.kind !== "models") return observed.outcome.kind;
      const found = models.find(({ change }) => change.name === model);
      if (found === undefined) throw new Error(`#${pull} knows no model "${model}"`);
      const { change, answer } = found;
      const reviews =
        change.kind === "candidate"
          ? await new EvidenceReader(ports.evidence).reviews(model, change.merged.recipe)
          : [];
      const said = reviews.find((review) => review.pull === pull && review.head === observed.pull.head.sha);
      return said?.verdict ?? (answer.kind === "verdict" ? answer.verdict.kind : "pending");
    },
    async check(pull) {
      const { data } = await octokit.rest.pulls.get({ ...here, pull_number: pull });
      const { data: checks } = await octokit.rest.checks.listForRef({ ...here, ref: data.head.sha, per_page: 100 });
      const check = checks.check_runs.find((one) => one.name === "trainyard");
      const job = checks.check_runs.find(({ name }) => name.endsWith("verdict") || name === "loop");
      return { title: check?.output.title ?? "", conclusion: check?.conclusion ?? null, job: job?.conclusion ?? null };
    },
    async text(pull) {
      return clean((await answers(pull)).find((body) => body.includes("<!-- trainyard:report ")) ?? "");
    },
    async firstLines(pull, count = 1) {
      const lines = (await readers.text(pull)).split("\n").filter((line) => line !== "");
      return lines.slice(0, count).join("\n");
    },
    answers: async (issue) => (await answers(issue)).map(clean),
    production: async (model) => (await standing(model))?.version,
    standing,
    versions: async (model = "churn") => (await readRegistry(ports.tags, { name: parseModelName(model) })).versions,
    async model(version, model = "churn") {
      const { data } = await octokit.rest.repos.getReleaseByTag({ ...here, tag: `${model}@${version}` });
      const id = data.assets.find(({ name }) => name.startsWith("model."))?.id ?? 0;
      const headers = { accept: "application/octet-stream" };
      const { data: bytes } = await octokit.request("GET /repos/{owner}/{repo}/releases/assets/{asset_id}", {
        ...here,
        asset_id: id,
        headers,
      });
      if (!(bytes instanceof ArrayBuffer)) throw new TypeError(`The model of ${model}@${version} came as no bytes`);
      return {
        sha256: createHash("sha256").update(Buffer.from(bytes)).digest("hex"),
        text: Buffer.from(bytes).toString("utf8"),
      };
    },
    trainings: (model) =>
      jobs()
        .filter(({ skipped }) => !skipped)
        .map((job) => countTrainings(job, model))
        .reduce((sum, count) => sum + count, 0),
    jobs: () =>
      jobs().flatMap(({ event, name, skipped }) => (skipped ? [] : [`${event}: ${name.replace("loop / ", "")}`])),
    async waiting() {
      const { data } = await octokit.rest.issues.listForRepo({ ...here, labels: "trainyard", state: "open" });
      return data.map(({ number, title, body }) => ({ number, title, body: body ?? "" }));
    },
    async issue(number) {
      const { data } = await octokit.rest.issues.get({ ...here, issue_number: number });
      return { title: data.title, body: clean(data.body ?? ""), state: data.state };
    },
    mark() {
      marked = sandbox.forge.requests.length;
    },
    requests: () => readRequests(sandbox.forge.requests.slice(marked)),
    async ending(pull, model = "churn") {
      const [production = "nothing", waits] = await Promise.all([readers.production(model), readers.waiting()]);
      const common = { production, trainings: readers.trainings(model), waits: waits.length };
      if (pull === undefined) return common;
      const { conclusion, job } = await readers.check(pull);
      return { verdict: await readers.verdict(pull, model), check: writer === "app" ? conclusion : job, ...common };
    },
    takeProblems() {
      const found = [...from.problems.splice(0), ...sandbox.forge.failures.slice(failed)];
      failed = sandbox.forge.failures.length;
      return found;
    },
  };
  return readers;
}

/** A training is a job of its own, or one step of the only job, which says so. */
function countTrainings({ name, log }: { name: string; log: string }, model = ""): number {
  if (name.includes(`train ${model}`)) return 1;
  if (name !== "loop") return 0;
  const said = /^\S+ training (\S+) (?:in production|as it would be merged)$/gm;
  return [...readFileSync(log, "utf8").matchAll(said)].filter(([, of]) => model === "" || of === model).length;
}

/** Without markers, and with digests and instants, which differ from day to day, made alike. */
function clean(body: string): string {
  return body
    .replaceAll(/\n*<!-- trainyard:.*-->/g, "")
    .replaceAll(/(?<=[`:])[0-9a-f]{7,64}\b|\b[0-9a-f]{12,64}\b/g, "·······")
    .replaceAll(/in \d+\.\d s on/g, "in 0.0 s on")
    .trim();
}
