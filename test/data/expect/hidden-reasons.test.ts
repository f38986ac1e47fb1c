import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { hideValues } from "#core/expect/hide-values.ts";
import { diffVersions } from "#data/diff/diff-versions.ts";
import { checkExpectations } from "#data/expect/check-expectations.ts";

const folder = mkdtempSync(join(tmpdir(), "trainyard-hidden-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): { path: string; shown: string; blob: string } {
  writeFileSync(join(folder, name), text);
  return { path: join(folder, name), shown: "a.csv", blob: name };
}

it("hideValues() hides cells that the engine, a note, a label or a measured value would quote", async () => {
  const before = write("before.csv", "name,age,label\nsecret-a,31,secret-x\nsecret-b,4711,secret-x\n");
  const after = write("after.csv", "name,age,label\nsecret-a,31,secret-x\nsecret-a,4711,secret-y\n");
  const expectations = await checkExpectations(
    [
      { kind: "sql", sql: "cast(name as integer) > 0" },
      { kind: "not-null", column: "age", where: "cast(name as date) > '2020-01-01'" },
      { kind: "sql", sql: "regexp_matches('x', name || '(')" },
      { kind: "quantile", column: "age", at: 1, low: null, high: 100 },
      { kind: "sum", column: "age", where: "age > 100", low: null, high: 100 },
      { kind: "mean", column: "age", low: null, high: 100 },
      { kind: "sql", sql: "nme is not null" },
      { kind: "matches", column: "name", pattern: "(" },
    ],
    [after],
  );
  const diff = await diffVersions({ before: [before], after: [after], key: ["name"], label: "label" });
  const report = { schema: "trainyard/data/1", model: "m", expectations, diff } as const;
  expect(JSON.stringify(report).match(/secret|4711/g)?.length).toBeGreaterThan(8);
  const hidden = hideValues(report);
  expect(JSON.stringify(hidden)).not.toMatch(/secret|4711/);
  expect(hidden.expectations.map(({ because }) => because.slice(-40))).toEqual([
    expect.stringMatching(/Conversion Error: \(hidden\)$/),
    expect.stringMatching(/Conversion Error: \(hidden\)$/),
    expect.stringMatching(/Invalid Input Error: \(hidden\)$/),
    expect.stringMatching(/: it is \(hidden\)$/),
    expect.stringMatching(/: it is \(hidden\)$/),
    expect.stringMatching(/: it is 2371$/),
    expect.not.stringContaining("hidden"),
    expect.not.stringContaining("hidden"),
  ]);
  expect(hidden.diff?.notes).toEqual([
    'Key "name" names more than one row: (hidden) is in "a.csv: row 1" and "a.csv: row 2"; whole rows are compared instead',
  ]);
  expect(hidden.diff?.labels?.values).toEqual([
    { value: "(hidden)", before: 2, after: 1 },
    { value: "(hidden)", before: 0, after: 1 },
  ]);
});
