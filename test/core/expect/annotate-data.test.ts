import { expect, it } from "vitest";
import type { DataReport, ExpectationOutcome } from "#core/evidence.ts";
import { dataReportSchema } from "#core/evidence.ts";
import { annotateData } from "#core/expect/annotate-data.ts";
import { renderData } from "#core/message/report/sections.ts";

const outcome = (more: Partial<ExpectationOutcome>): ExpectationOutcome => ({
  expectation: '"a" is unique',
  kind: "fail",
  level: "fail",
  failing: 2,
  of: 10,
  share: 0.2,
  examples: [],
  because: "because",
  ...more,
});
const report = (...expectations: ExpectationOutcome[]): DataReport => ({
  schema: "trainyard/data/1",
  model: "churn",
  expectations,
  diff: null,
});

it("annotateData() puts the worst first, every expectation once before any twice, and at most 50", () => {
  const rows = [3, 4].map((line) => ({ file: "data/a.csv", row: line - 1, line, value: `v${line}` }));
  const all = annotateData([
    report(
      outcome({ because: "warns", level: "warn", share: 0.9, rows }),
      outcome({ because: "fails a little", rows }),
      outcome({ because: "holds", kind: "pass" }),
      outcome({ because: "fails much", share: 0.8, rows: [{ file: "data/b.parquet", row: 7, value: "x" }] }),
      outcome({ because: "is broken", kind: "error", failing: null, of: null }),
    ),
  ]);
  expect(all.map(({ level, message, path, line }) => [level, message, path, line])).toEqual([
    ["failure", "is broken", undefined, undefined],
    ["failure", "fails much", undefined, undefined],
    ["failure", "fails a little", "data/a.csv", 3],
    ["warning", "warns", "data/a.csv", 3],
    ["failure", '"a" is unique: not v4', "data/a.csv", 4],
    ["warning", '"a" is unique: not v4', "data/a.csv", 4],
  ]);
  expect(annotateData([report(...Array.from({ length: 80 }, () => outcome({ rows })))])).toHaveLength(50);
});

it("annotateData() writes values that would break out of their line as text of one line", () => {
  const because = "x\n::error::y\u0007 \u202e";
  const [first] = annotateData([report(outcome({ because }))]);
  expect(first?.message).toBe("x ::error::y");
});

it("renderData() shows what blocks in red, what warns in yellow, and values with how often they are there", () => {
  const text = renderData(
    report(
      outcome({ because: "warns", level: "warn", values: [{ value: "<b>", count: 3 }] }),
      outcome({ because: "fails", examples: ["data/a.csv: row 1: @ada"] }),
    ),
  );
  expect(text.split("\n").map((line) => line.slice(0, 4))).toEqual(["- 🔴", "- 🟡"]);
  expect(text).toContain("`<b>` × 3");
  expect(text).not.toContain("@ada");
});

it("a report from before levels and rows can still be read", () => {
  const old = { expectation: "e", kind: "fail", failing: 1, of: 2, examples: ["x"], because: "b" };
  expect(dataReportSchema.safeParse({ ...report(), expectations: [old] }).success).toBe(true);
});
