import { githubPorts } from "#github/github-ports.ts";
import { planLoop } from "#flow/plan/plan-loop.ts";
import { here, owner, name, params } from "#test/flow/story/repository-files.ts";
import { median, say, type Figure } from "./figure.ts";
import type { Bench, TimedRequest } from "./open-bench.ts";
import { timeStep } from "./time-step.ts";

const file = "churn/params.txt";
const isRef = ({ method, operation }: TimedRequest): boolean =>
  method === "POST" && operation === "POST /repos/{owner}/{repo}/git/refs";
const isCheck = ({ method, path }: TimedRequest): boolean => method === "POST" && path.endsWith("/check-runs");
const isComment = ({ method, path }: TimedRequest): boolean =>
  method === "POST" && /\/issues\/\d+\/comments$/.test(path);

/** churn stands as v1.0.0, the first as anybody's. */
export async function playStart(bench: Bench): Promise<void> {
  await bench.push({ "README.md": "# A shop\n" }, "Start");
  await bench.push(bench.files, "Add churn");
  await sayPromote(bench);
}

/** A word, and the jobs that do it. */
export async function benchWords(bench: Bench, rounds: number): Promise<readonly Figure[]> {
  const promoted = await timeStep(bench, rounds, {
    name: "/promote is said → stage tag",
    prepare: async (round) => void (await bench.push({ [file]: params(0.5, { remark: `word ${round}` }) })),
    play: async () => await sayPromote(bench),
    from: "issue_comment.created",
    until: isRef,
    by: "all",
  });
  return [promoted];
}

/** Merges, and how long the job that plans takes. */
export async function benchMerges(bench: Bench, rounds: number): Promise<readonly Figure[]> {
  let pull = 0;
  const merged = await timeStep(bench, rounds, {
    name: "merge of what is known and green → stage tag",
    prepare: async (round) =>
      void (pull = await bench.propose({ [file]: params(0.8, { remark: `merge ${round}` }) }, `merge-${round}`)),
    play: async () => await bench.merge(pull),
    from: "push",
    until: isRef,
    by: "all",
  });
  const jobs = bench.jobs.filter(({ event, name: job }) => event === "pull_request" && job.endsWith("plan"));
  const planJob = { name: "the job plan of a pull request, start-up included", rounds: jobs.length };
  return [merged, { ...planJob, milliseconds: median(jobs.map(({ milliseconds }) => milliseconds)) }];
}

/** What the app does alone: the workflow file is gone, so that no job takes the machine from it. */
export async function benchApp(bench: Bench, rounds: number): Promise<readonly Figure[]> {
  await bench.propose({ [file]: params(0.8, { remark: "known" }) }, "known");
  await bench.push({ ".github/workflows/trainyard.yml": null }, "No jobs from here on");
  const unknown = await timeStep(bench, rounds, {
    name: "webhook of a pull request, recipe unknown → check",
    prepare: async (round) =>
      void (await bench.change({ [file]: params(0.9, { remark: `new ${round}` }) }, `new-${round}`)),
    play: async (round) => await bench.open(`new-${round}`),
    from: "pull_request.opened",
    until: isCheck,
    by: "app",
  });
  const planned = await timePlanning(bench, rounds);
  const known = await timeStep(bench, rounds, {
    name: "webhook of a pull request, recipe known → report",
    prepare: async (round) => void (await bench.change({ [file]: params(0.8, { remark: "known" }) }, `twin-${round}`)),
    play: async (round) => await bench.open(`twin-${round}`),
    from: "pull_request.opened",
    until: isComment,
    by: "app",
  });
  const { data: open } = await bench.octokit.rest.pulls.list({ ...here, state: "open", per_page: 100 });
  for (let count = open.length; count < 20; count++)
    await bench.propose({ [file]: params(0.8, { remark: "known" }) }, `more-${count}`);
  const swept = await timeStep(bench, rounds, {
    name: "sweep of 20 open pull requests that nothing changed for",
    play: async (round) => await bench.push({ "README.md": `# A shop, ${round}\n` }),
    from: "push",
    by: "app",
  });
  return [unknown, planned, known, swept];
}

/** The planning of the newest open pull request as the job does it, without the start of its process. */
async function timePlanning(bench: Bench, rounds: number): Promise<Figure> {
  const { data } = await bench.octokit.rest.pulls.list({ ...here, state: "open", per_page: 1 });
  const number = data[0]?.number ?? 0;
  const times: number[] = [];
  let requests = 0;
  for (let round = 0; round < rounds; round++) {
    // a client of its own: what one round has asked for helps no other
    const octokit = bench.sandbox.octokit(bench.sandbox.person(owner).token);
    const before = bench.requests();
    const started = performance.now();
    const ports = githubPorts({ octokit, owner, repo: name, writer: { kind: "actions" } });
    const { plan } = await planLoop(ports, { kind: "pull", number }, undefined);
    times.push(performance.now() - started);
    if (plan === undefined || plan.tasks.length === 0) throw new Error(`#${number} asks for no training`);
    requests = bench.requests() - before;
  }
  const figure = { name: "planning of a pull request", milliseconds: median(times), rounds, requests, writes: 0 };
  say(`${figure.name}: ${figure.milliseconds.toFixed(0)} ms (${times.map((time) => time.toFixed(0)).join(", ")})`);
  return figure;
}

async function sayPromote(bench: Bench): Promise<void> {
  const { data } = await bench.octokit.rest.issues.listForRepo({ ...here, labels: "trainyard", state: "open" });
  const issue = data[0]?.number;
  if (issue === undefined) throw new Error("Nothing waits for /promote");
  await bench.comment(issue, "/promote churn -- measured");
}
