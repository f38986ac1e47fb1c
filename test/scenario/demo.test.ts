import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Step } from "#cli/demo/journal.ts";
import { comparisonSchema, type MetricComparison } from "#core/evidence.ts";
import { driftReportSchema } from "#core/drift/drift-record.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "trainyard-demo-test-"));
const root = join(import.meta.dirname, "..", "..");
let steps: Step[] = [];
let problems: string[] = [];
let said = "";

beforeAll(async () => {
  const json = join(folder, "demo.json");
  const args = [
    "--disable-warning=ExperimentalWarning",
    join(root, "app", "cli", "main.ts"),
    "demo",
    "--json",
    json,
    "--pages",
    join(folder, "pages"),
  ];
  const { stdout } = await run(process.execPath, args, { cwd: root, maxBuffer: 16 * 1024 * 1024 });
  said = stdout;
  const played: { steps: Step[]; problems: string[] } = JSON.parse(readFileSync(json, "utf8"));
  ({ steps, problems } = played);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function step(name: string): Step {
  const found = steps.find((entry) => entry.step === name);
  if (found === undefined) throw new Error(`The demo has no step "${name}"`);
  return found;
}

function metric(name: string, of: string): MetricComparison {
  const found = comparisonSchema.shape.metrics.parse(step(of).metrics).find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`"${of}" measured no "${name}"`);
  return found;
}

it("plays without a complaint of the sandbox about anything that was asked or answered", () => {
  expect(problems).toEqual([]);
});

it("finds the gain of the co-purchase model inside the interval that the data's README gives", () => {
  const difference = metric("ndcg@10", "co-purchase").versusProduction;
  expect(difference?.point).toBeGreaterThan(0.038);
  expect(difference?.point).toBeLessThan(0.0497);
  expect(difference?.low).toBeGreaterThan(0);
  expect(step("co-purchase").verdict).toBe("pass");
});

it("refuses popularity again", () => {
  expect(step("popularity-again").verdict).toBe("fail");
  expect(step("popularity-again").production).toBe("v1.1.0");
});

it("asks little about a pull request that touches no model", () => {
  expect(step("irrelevant")).toMatchObject({ writes: 1, jobs: [expect.objectContaining({ conclusion: "success" })] });
  expect(step("irrelevant").requestsOfApp).toBeLessThanOrEqual(8);
});

it("trains once a recipe: nothing for the merge, the rebase, the irrelevant pull request and the revert", () => {
  const trained = Object.fromEntries(steps.map(({ step: name, trainings }) => [name, trainings]));
  expect(trained).toEqual({
    first: 1,
    "co-purchase": 1,
    merge: 0,
    "popularity-again": 1,
    irrelevant: 0,
    "irrelevant-merge": 0,
    rebase: 0,
    "week-32": 0,
    "week-36": 0,
    "week-40": 0,
    "week-44": 0,
    // the retraining pull request, whose own run follows at once
    "week-48": 1,
    retrain: 0,
    "retrain-merge": 0,
    revert: 0,
  });
});

it("ships exactly the bytes that were reviewed", () => {
  for (const entry of steps) expect(entry.released, entry.step).toBe(entry.artifact);
  const bytes = (name: string): string | null => step(name).artifact;
  expect(bytes("revert")).toBe(bytes("merge"));
  expect(bytes("retrain-merge")).not.toBe(bytes("merge"));
});

it("is quiet in week 36, drifts in week 48, and is quiet again once the retrained model stands", () => {
  expect(step("week-36").verdict).toBe("quiet");
  expect(step("week-48").verdict).toBe("drift");
  const drift = driftReportSchema.parse(step("week-48")["drift"]);
  expect(drift.columns[0]?.effect).toBeGreaterThan(0.12);
  expect(step("retrain-merge")["issueState"]).toBe("closed");
});

it("gains by retraining, on the weeks that drifted, with an interval above zero", () => {
  const difference = metric("ndcg@10", "retrain").versusProduction;
  expect(difference?.low).toBeGreaterThan(0);
  expect(difference?.point).toBeGreaterThan(0.009);
  expect(difference?.point).toBeLessThan(0.015);
});

it("stands where the story says: v1.0.0, v1.1.0, v1.2.0, and v1.1.0 after the revert", () => {
  expect(["first", "merge", "retrain-merge", "revert"].map((name) => step(name).production)).toEqual([
    "v1.0.0",
    "v1.1.0",
    "v1.2.0",
    "v1.1.0",
  ]);
  expect(step("revert").verdict).toBe("return");
  expect(step("revert").versions).toEqual(["groceries@v1.0.0", "groceries@v1.1.0", "groceries@v1.2.0"]);
});

it("tells it on the terminal and leaves a page for each pull request, issue and release", () => {
  expect(said).toContain("Merging ships it as v1.1.0");
  expect(readdirSync(join(folder, "pages")).filter((name) => name.startsWith("pull-"))).toHaveLength(5);
});
