import { beforeAll, describe, expect, it } from "vitest";
import type { ReportRecord } from "#core/plan/plan-record.ts";
import { reportRun } from "#flow/report-run.ts";
import { runLoop } from "#test/flow/local/local-loop.ts";
import {
  mergePull,
  openPull,
  openWorld,
  reviewPull,
  runDefault,
  standing,
  told,
} from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const worse = { "params.txt": "auc 0.65\n" };
const headline = (world: LocalWorld, pull: number): string => told(world, pull).split("\n")[0] ?? "";

/** v1.0.0 (auc 0.7) stands; #2 is a fork's whose code wrote the report of its run itself: a worse model, said to be better. */
let start: LocalWorld;
beforeAll(async () => {
  start = await openWorld();
  await openPull(start, 2, worse);
  Object.assign(start.memory.pulls.at(-1) ?? {}, { fork: true, author: "stranger" });
  await runLoop(start, { kind: "pull", number: 2 }, 102, 2);
  const path = "102/trainyard-report/report.json";
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the loop has just written
  const report = JSON.parse(start.storage.artifacts[path] ?? "") as ReportRecord;
  const estimate = (point: number): { point: number; low: number; high: number; n: number } => ({
    point,
    low: point - 0.001,
    high: point + 0.001,
    n: 400,
  });
  for (const { metrics } of report.comparisons)
    for (const metric of metrics)
      Object.assign(metric, { candidate: estimate(0.99), versusProduction: estimate(0.29) });
  start.storage.artifacts[path] = JSON.stringify(report);
  await reportRun(start.ports(), 102);
});

describe("what a fork claims", () => {
  it("is shown on its own pull request", () => {
    expect(headline(start, 2)).toContain("🟢");
  });

  it("is not believed of the same bytes, trained by somebody who may write", async () => {
    const world = start.copy();
    await reviewPull(world, 3, worse);
    expect(headline(world, 3)).toContain("🔴");
  });

  it("is not believed after the merge, and ships nothing where the same was trained by somebody who may write", async () => {
    const world = start.copy();
    await mergePull(world, 2, worse);
    await runDefault(world, 11);
    expect(told(world, 2)).toContain("fail");
    const both = start.copy();
    await reviewPull(both, 3, worse);
    await mergePull(both, 2, worse);
    await runDefault(both, 11);
    expect(await standing(both)).toBe("v1.0.0");
  });
});
