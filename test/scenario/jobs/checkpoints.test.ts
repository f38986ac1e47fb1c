import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { digest } from "#core/canonical.ts";
import type { PlanRecord, Task } from "#core/plan/plan-record.ts";
import { createCheckpoints } from "#actions/train/checkpoint/create-checkpoints.ts";
import { trainingOptions } from "#actions/train/training-options.ts";
import { taskOf } from "#test/runner/task-fixture.ts";
import { jobOfRun, run, type Artifacts } from "./job-of-run.ts";

afterEach(() => vi.restoreAllMocks());

const base = taskOf();
const checkpoint = { path: "ckpt", everyMs: 1_000 };
const task: Task = { ...base, train: base.train && { ...base.train, checkpoint } };
const recipe = task.recipe ?? "";
const prefix = `trainyard-checkpoint-churn-1-${recipe.slice(0, 16)}-`;
const plan: PlanRecord = {
  schema: "trainyard/plan/1",
  nonce: digest("nonce"),
  pull: 7,
  head: "1".repeat(40),
  base: "2".repeat(40),
  objects: [],
  tasks: [task],
  evaluations: [],
  comparisons: [],
  data: [],
};

/** A checkpoint as an artifact; `text` is what its file holds, whatever its record says. */
function left(counter: number, change: { recipe?: string; text?: string } = {}): Record<string, string> {
  const text = `step ${counter}`;
  const file = { path: "a/step", sha256: digest(text), size: text.length };
  const record = {
    schema: "trainyard/checkpoint/1",
    recipe: change.recipe ?? recipe,
    attempt: 1,
    counter,
    files: [file],
  };
  return { "checkpoint.json": JSON.stringify(record), "files/a/step": change.text ?? text };
}

/** What the second attempt of a run goes on from, of artifacts that are oldest first; and what it said. */
async function restore(artifacts: Artifacts): Promise<{ step: string; said: string }> {
  const lines: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  await using served = await jobOfRun(artifacts, {}, { attempt: 2 });
  const folder = join(served.job.folder, "restored");
  mkdirSync(folder);
  const resumed = await createCheckpoints(served.job, { ...plan, pull: null }, task).restore(folder);
  vi.restoreAllMocks();
  const found = existsSync(join(folder, "a", "step")) ? readFileSync(join(folder, "a", "step"), "utf8") : "";
  expect(found).toBe(resumed === undefined ? "" : `step ${resumed.counter}`);
  return { step: found, said: lines.join("") };
}

describe("a training that starts again", () => {
  const damaged = { text: "step ?" };
  const other = digest("another recipe");

  it.for<[what: string, artifacts: Artifacts, step: string, said: RegExp]>([
    [
      "the newest",
      { [`${prefix}1-1`]: left(1), [`${prefix}1-2`]: left(2) },
      "step 2",
      /^Going on from checkpoint 2 of/,
    ],
    [
      "the one before a damaged one",
      { [`${prefix}1-1`]: left(1), [`${prefix}1-2`]: left(2, damaged) },
      "step 1",
      /"\S+-1-2" is not used: "a\/step" is damaged\n.*Going on from checkpoint 1/,
    ],
    [
      "nothing where all are damaged",
      { [`${prefix}1-1`]: left(1, damaged), [`${prefix}1-2`]: { "checkpoint.json": "{" } },
      "",
      /is not used: Cannot read its record.*\n.*is damaged\n.*No whole checkpoint was found: the training starts from nothing/,
    ],
    ["nothing of another recipe", { [`${prefix}1-1`]: left(1, { recipe: other }) }, "", /it is of the recipe/],
    [
      "nothing under another recipe's name",
      { [`trainyard-checkpoint-churn-1-${other.slice(0, 16)}-1-1`]: left(1) },
      "",
      /^$/,
    ],
    [
      "nothing that leaves its folder",
      {
        [`${prefix}1-1`]: {
          ...left(1),
          "checkpoint.json": (left(1)["checkpoint.json"] ?? "").replace("a/step", "../step"),
        },
      },
      "",
      /"\.\." is no name of a file/,
    ],
  ])("goes on from %s", async ([, artifacts, step, said]) => {
    const restored = await restore(artifacts);
    expect(restored.step).toBe(step);
    expect(restored.said).toMatch(said);
  });
});

describe("a new run of the same recipe", () => {
  const actions = "GET /repos/acme/shop/actions";
  const runOf = (
    id: number,
    more: { fork?: boolean; event?: string; branch?: string; path?: string } = {},
  ): unknown => ({
    id,
    run_attempt: 1,
    event: more.event ?? "pull_request",
    head_sha: "3".repeat(40),
    head_branch: more.branch ?? "better",
    path: more.path ?? ".github/workflows/trainyard.yml",
    created_at: "2026-05-01T12:00:00Z",
    status: "completed",
    conclusion: "failure",
    pull_requests: [],
    head_repository: { id: more.fork === true ? 2 : 1 },
    repository: { id: 1 },
    html_url: "",
  });

  it.for<[what: string, own: unknown, earlier: unknown, asked: string]>([
    ["asks for the tree of an earlier run of its branch", runOf(run), runOf(9), "GET /git/trees/3"],
    ["believes no run of a fork", runOf(run), runOf(9, { fork: true }), "GET /actions/runs/9"],
    ["of a fork believes nobody's", runOf(run, { fork: true }), runOf(9), `GET /actions/runs/${run}`],
    ["believes no run of another branch", runOf(run), runOf(9, { branch: "other" }), "GET /actions/runs/9"],
    [
      "believes no run of another workflow",
      runOf(run),
      runOf(9, { path: ".github/workflows/x.yml" }),
      "GET /actions/runs/9",
    ],
    ["believes no run that no pull request started", runOf(run), runOf(9, { event: "push" }), "GET /actions/runs/9"],
  ])("%s", async ([, own, earlier, asked]) => {
    vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    await using served = await jobOfRun(
      {},
      {
        [`${actions}/runs/${run}`]: { body: own },
        [`${actions}/runs/9`]: { body: earlier },
        [`${actions}/runs`]: { body: { total_count: 1, workflow_runs: [earlier] } },
      },
    );
    // one run is all there is: what was asked for last is how far it was believed
    expect(await createCheckpoints(served.job, plan, task).restore(served.job.folder)).toBeUndefined();
    expect(served.calls().at(-1)).toMatch(new RegExp(`^${asked}`));
    expect(served.calls().some((call) => call.includes("/runs/9/artifacts"))).toBe(false);
  });

  it("that was asked for afresh looks at none", async () => {
    await using served = await jobOfRun({});
    const afresh: Task = {
      ...task,
      train: task.train && { ...task.train, checkpoint: { ...checkpoint, afresh: true } },
    };
    expect(await createCheckpoints(served.job, plan, afresh).restore(served.job.folder)).toBeUndefined();
    expect(served.calls()).toEqual([]);
  });
});

describe("a task without checkpoints and kept folders", () => {
  it.for<[what: string, attempt: number, of: Task, requests: number]>([
    ["that trains", 1, base, 0],
    ["that only answers", 2, { ...base, train: null }, 0],
    // what an earlier attempt trained is looked for: one list
    ["that trains again", 2, base, 1],
  ])("%s asks the service nothing more", async ([, attempt, of, requests]) => {
    await using served = await jobOfRun({}, {}, { attempt });
    const { checkpoints, setupCache } = await trainingOptions(served.job, plan, of);
    expect([checkpoints, setupCache]).toEqual([undefined, undefined]);
    expect(served.calls()).toHaveLength(requests);
  });
});
