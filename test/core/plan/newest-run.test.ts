import { expect, it } from "vitest";
import type { RunRecord } from "#core/evidence.ts";
import { newestFirst } from "#core/plan/newest-run.ts";

type Told = Pick<RunRecord, "key" | "at"> & {
  source: { kind: "local" } | { kind: "workflow"; run: number; attempt: number };
};

const told = (key: string, source: Told["source"], at: string): RunRecord =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is looked at
  ({ key, source, at }) as unknown as RunRecord;
const ofWorkflow = (run: number, attempt: number, at: string, more = ""): RunRecord =>
  told(`${run}-${attempt}${more}`, { kind: "workflow", run, attempt }, at);

it("orders runs by the numbers that the service gave them, whatever time they claim", () => {
  const runs = [
    ofWorkflow(9, 1, "2099-01-01T00:00:00Z"),
    ofWorkflow(10, 2, "2001-01-01T00:00:00Z"),
    ofWorkflow(10, 1, "2098-01-01T00:00:00Z"),
    ofWorkflow(11, 1, "2000-01-01T00:00:00Z", "-2"),
    ofWorkflow(11, 1, "2000-01-02T00:00:00Z"),
  ];
  const order = ["11-1-2", "11-1", "10-2", "10-1", "9-1"];
  expect(runs.toSorted(newestFirst).map(({ key }) => key)).toEqual(order);
  expect(
    runs
      .toReversed()
      .toSorted(newestFirst)
      .map(({ key }) => key),
  ).toEqual(order);
});

it("orders runs of this machine, which have no number, by their time", () => {
  const runs = [
    told("a", { kind: "local" }, "2026-01-01T00:00:00Z"),
    told("b", { kind: "local" }, "2026-01-02T00:00:00Z"),
  ];
  expect(runs.toSorted(newestFirst).map(({ key }) => key)).toEqual(["b", "a"]);
});
