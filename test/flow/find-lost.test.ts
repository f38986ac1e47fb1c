import { expect, it } from "vitest";
import { digest } from "#core/canonical.ts";
import { parseCommitSha } from "#core/names.ts";
import type { PlanRecord } from "#core/plan/plan-record.ts";
import type { WorkflowRun } from "#core/ports.ts";
import { findLost } from "#flow/evidence/find-lost.ts";

const head = parseCommitSha("a".repeat(40));
const [recipe, evaluation] = [digest("recipe"), digest("evaluation")];
const side = { task: "candidate-churn", subject: null, predictions: null };
const plan: PlanRecord = {
  schema: "trainyard/plan/1",
  nonce: digest("nonce"),
  pull: 7,
  head,
  base: head,
  objects: [],
  tasks: [
    {
      key: "candidate-churn",
      model: "churn",
      role: "candidate",
      recipe,
      train: { run: "train", timeoutMs: 1, secrets: [], inputs: [] },
      modelPath: "model",
      bytes: null,
      artifact: null,
      subject: null,
      setup: null,
      predict: { run: "predict", timeoutMs: 1, inputs: [] },
      sittings: [],
      runsOn: "ubuntu-latest",
    },
  ],
  evaluations: [],
  comparisons: [{ evaluation, model: "churn", candidate: side, production: null, baseline: null, dropped: [] }],
  data: [],
};
const run: WorkflowRun = {
  id: 4711,
  attempt: 1,
  event: "pull_request",
  head,
  branch: "better",
  path: ".github/workflows/trainyard.yml",
  status: "completed",
  conclusion: "failure",
  pull: 7,
  fork: false,
  url: "",
};
const wanted = { pull: 7, head, recipes: new Map([["churn", recipe]]), evaluations: new Set([evaluation]) };

it.for<[what: string, left: unknown, asked: Partial<typeof wanted>, lost: readonly string[]]>([
  ["what was asked for, and still is", plan, {}, ["churn"]],
  ["nothing where nothing was planned", undefined, {}, []],
  ["nothing that nobody asks for any more", plan, { recipes: new Map([["churn", digest("another")]]) }, []],
  ["nothing of another evaluation", plan, { evaluations: new Set([digest("another")]) }, []],
  ["nothing of another pull request", plan, { pull: 8 }, []],
  ["nothing of another head", plan, { head: parseCommitSha("b".repeat(40)) }, []],
  ["nothing where the plan cannot be read", { schema: "x" }, {}, []],
])("findLost() finds %s", async ([, left, asked, lost]) => {
  const bytes = left === undefined ? undefined : new TextEncoder().encode(JSON.stringify(left));
  const failures = await findLost({ workflows: { ...unused, record: () => Promise.resolve(bytes) } }, run, {
    ...wanted,
    ...asked,
  });
  expect(failures.map(({ model }) => model)).toEqual(lost);
  for (const { message } of failures) expect(message).toContain("Run 4711 ended without a report");
});

const refuse = (): never => {
  throw new Error("Nobody asks for this");
};
const unused = {
  oursStart: true,
  run: refuse,
  runsOf: refuse,
  record: refuse,
  dispatch: refuse,
  cancel: refuse,
  sayAgain: refuse,
};
