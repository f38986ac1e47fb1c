import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { digest } from "#core/canonical.ts";
import type { PlanRecord, Task } from "#core/plan/plan-record.ts";
import { takeRowsFolder } from "#actions/prepare/take-rows-folder.ts";
import { digestRows } from "#actions/prepare/digest-rows.ts";
import { readDigests } from "#actions/evaluate/read-digests.ts";
import { takeAnswers, takeData } from "#actions/evaluate/take-answers.ts";
import { answerMatrix, answerSlots, trainMatrix } from "#actions/prepare/matrix.ts";
import { vouchedReports } from "#actions/report/vouched-reports.ts";
import type { Answers } from "#actions/train/answers.ts";
import { evaluation, taskOf } from "#test/runner/task-fixture.ts";
import { jobOfRun, run, type Artifacts } from "./job-of-run.ts";

afterEach(() => vi.unstubAllEnvs());

const bytes = digest("the bytes in production");
const production: Task = {
  ...taskOf(),
  key: "production-churn",
  role: "production",
  reviewed: true,
  train: null,
  artifact: bytes,
};
const candidate: Task = { ...taskOf(), key: "candidate-churn" };
const known: Task = { ...candidate, train: null, artifact: bytes };
const planOf = (...tasks: Task[]): PlanRecord => ({
  schema: "trainyard/plan/1",
  nonce: digest("nonce"),
  pull: 7,
  head: "1".repeat(40),
  base: "2".repeat(40),
  objects: [],
  tasks,
  evaluations: [],
  comparisons: [],
  data: [],
});

/** What a job leaves for a task, of some predictions. */
function answersOf(task: Task, predictions: string, artifact = bytes): Record<string, string> {
  const answers: Answers = {
    schema: "trainyard/answers/1",
    task: task.key,
    artifact: { sha256: artifact, size: 1, files: [{ path: "model", sha256: artifact, size: 1 }] },
    trained: null,
    predictions: [{ evaluation, sha256: digest(predictions), size: predictions.length, format: "csv" }],
    failures: [],
  };
  return { "answers.json": JSON.stringify(answers), [`predictions/${evaluation}.csv`]: predictions };
}

async function take(artifacts: Artifacts, task: Task, outputs: Readonly<Record<string, string>>) {
  await using served = await jobOfRun(artifacts);
  const digests = readDigests(JSON.stringify(outputs));
  const { taken, failures } = await takeAnswers(served.job, planOf(task), new Set(), digests);
  return { keys: [...taken.keys()], said: failures.map(({ message }) => message).join() };
}

describe("what the job evaluate takes for production's answer", () => {
  const honest = answersOf(production, "customer,p\n1,0.9\n");
  const forged = answersOf(production, "customer,p\n1,0.5\n");
  const name = "trainyard-answers-production-churn";
  const vouched = { "answers-1": JSON.stringify({ [production.key]: digest(honest["answers.json"] ?? "") }) };

  it("is what the job answer vouches for", async () => {
    expect(await take({ [name]: honest }, production, { ...vouched, "answers-2": "" })).toEqual({
      keys: [production.key],
      said: "",
    });
  });

  it.for<[what: string, files: Record<string, string>, outputs: Record<string, string>, said: RegExp]>([
    ["answers that replaced them", forged, vouched, /cannot be believed: they hash to [0-9a-f]{64}, its job left/],
    [
      "predictions that were put beside them",
      { ...honest, [`predictions/${evaluation}.csv`]: "customer,p\n1,0.5\n" },
      vouched,
      /cannot be believed: the predictions hash to/,
    ],
    ["answers that nobody vouches for", forged, {}, /left no answer/],
    ["answers that a job vouches for under another task", forged, { "answers-1": '{"x":"00"}' }, /output of the job/],
  ])("is not %s", async ([, files, outputs, said]) => {
    const took = take({ [name]: files }, production, outputs).catch((error: unknown) => ({
      keys: [],
      said: String(error),
    }));
    expect(await took).toEqual({ keys: [], said: expect.stringMatching(said) });
  });
});

it("a candidate whose bytes are known answers with them, and with no others", async () => {
  const name = "trainyard-answers-candidate-churn";
  expect(await take({ [name]: answersOf(known, "x") }, known, {})).toMatchObject({ keys: [known.key] });
  const other = digest("others");
  expect(await take({ [name]: answersOf(known, "x", other) }, known, {})).toEqual({
    keys: [],
    said: expect.stringContaining(`they are of the model ${other}, asked was ${bytes}`),
  });
});

describe("the rows of a run", () => {
  const honest = { "data.json": '{"data":[],"failures":[]}', [`${evaluation}/rows.csv`]: "customer,a\n1,2\n" };
  const forged = { ...honest, [`${evaluation}/rows.csv`]: "customer,a\n1,999\n" };
  const of = async (files: Record<string, string>): Promise<string> => {
    await using served = await jobOfRun({});
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(served.job.folder, path)), { recursive: true });
      writeFileSync(join(served.job.folder, path), text);
    }
    return digestRows(served.job.folder);
  };

  it("are those that the job prepare left", async () => {
    vi.stubEnv("INPUT_ROWS", await of(honest));
    await using served = await jobOfRun({ "trainyard-rows": honest });
    expect(await takeRowsFolder(served.job)).toBe(join(served.job.folder, "trainyard-rows"));
  });

  it.for<[what: string, files: Record<string, string>]>([
    ["others", forged],
    ["fewer", { "data.json": honest["data.json"] }],
    ["more", { ...honest, [`${digest("other")}/rows.csv`]: "customer,a\n" }],
  ])("are not believed where there are %s", async ([, files]) => {
    vi.stubEnv("INPUT_ROWS", await of(honest));
    await using served = await jobOfRun({ "trainyard-rows": files });
    await expect(takeRowsFolder(served.job)).rejects.toThrow("The rows of this run were changed");
  });

  it("say what is wrong with the data only as the job prepare does", async () => {
    const bad = { ...honest, "data.json": '{"data":[],"failures":[{"model":"churn"}]}' };
    vi.stubEnv("INPUT_ROWS", await of(honest));
    await using served = await jobOfRun({ "trainyard-rows": bad });
    await expect(takeData(served.job)).rejects.toThrow("The rows of this run were changed");
  });
});

it("a report that replaced the one of the job evaluate cannot be read", async () => {
  const report = '{"schema":"trainyard/report/1"}';
  await using served = await jobOfRun({ "trainyard-report": { "report.json": report } });
  const { workflows } = served.job.ports;
  const read = async (sha256: string, of = run): Promise<string> =>
    new TextDecoder().decode(
      await vouchedReports(workflows, of, sha256).record(run, "trainyard-report", "report.json"),
    );
  expect(await read(digest(report))).toBe(report);
  expect(await read(digest("what evaluate left"))).toBe("");
  expect(await read("")).toBe("");
  // another run's report is as its own jobs left it
  expect(await read("", run + 1)).toBe(report);
});

describe("code that nobody reviewed", () => {
  it("runs in the job train, what was reviewed in the job answer", () => {
    const brought: Task = { ...taskOf(), key: "baseline-new", role: "baseline", train: null };
    const tasks = [candidate, production, brought];
    expect(trainMatrix(tasks).map(({ key }) => key)).toEqual(["candidate-churn", "baseline-new"]);
    expect(answerMatrix(tasks)).toEqual([
      {
        slot: 1,
        tasks: "production-churn",
        name: "predict churn (production)",
        "runs-on": "ubuntu-latest",
        minutes: 16,
      },
    ]);
  });

  it.for<[tasks: number, runners: number, machines: number[]]>([
    [0, 1, []],
    [3, 1, [1, 1, 1]],
    [3, 3, [1, 1, 1]],
    [20, 1, [2, 2, 2, 2, 3, 3, 3, 3]],
    [20, 5, [2, 2, 2, 2, 2, 2, 4, 4]],
  ])("%i reviewed answers on %i kinds of runners need at most eight outputs", ([count, runners, machines]) => {
    const tasks = Array.from({ length: count }, (_, index) => {
      return { ...production, key: `production-${index}`, runsOn: `runner-${index % runners}` };
    });
    const entries = answerMatrix(tasks);
    expect(entries.map((entry) => entry.tasks.split(" ").length).toSorted((a, b) => a - b)).toEqual(machines);
    expect(entries.map(({ slot }) => slot)).toEqual(machines.map((_, index) => index + 1));
    expect(entries.flatMap((entry) => entry.tasks.split(" ")).toSorted()).toEqual(
      tasks.map(({ key }) => key).toSorted(),
    );
  });

  it("is not mixed with more kinds of runners than there are outputs", () => {
    const tasks = Array.from({ length: answerSlots + 1 }, (_, index) => ({ ...production, runsOn: `runner-${index}` }));
    expect(() => answerMatrix(tasks)).toThrow(/predict on 9 kinds of runners, at most 8/);
  });
});
