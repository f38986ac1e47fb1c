import { expect, it } from "vitest";
import type { DataReport } from "#core/evidence.ts";
import { hideValues } from "#core/expect/hide-values.ts";
import { judgeRows } from "#core/expect/judge-expectation.ts";

it("hideValues() leaves where and how often, and no cell or key of the data", () => {
  const rows = ["ada@example.org", "x, first y"].map((value, index) => ({
    file: "a.csv",
    row: 7 + index,
    line: 8,
    value,
  }));
  const failed = judgeRows({ kind: "matches", column: "mail", pattern: "^[a-z]+$" } as never, {
    failing: 2,
    of: 10,
    rows,
    values: rows.map(({ value }) => ({ value, count: 1 })),
  });
  const only = { values: 1, rows: 3, examples: [{ value: "secret level", rows: 3 }] };
  const report: DataReport = {
    schema: "trainyard/data/1",
    model: "m",
    expectations: [failed],
    diff: {
      filesAdded: 0,
      filesRemoved: 0,
      filesChanged: 1,
      rowsAdded: 1,
      rowsRemoved: 0,
      examples: { added: ["secret key"], removed: [] },
      notes: [`Key "id" names more than one row: 'secret ''key' is in "a.csv, row 1" and "a.csv, row 2"`],
      cells: [{ column: "x", changed: 1, examples: [{ key: "secret key", before: "secret 1", after: "secret 2" }] }],
      categories: [{ column: "c", new: only, missing: only }],
    },
  };
  const hidden = hideValues(report);
  expect(JSON.stringify(hidden)).not.toMatch(/secret|example\.org|first y/);
  expect(hidden.expectations[0]).toMatchObject({ kind: "fail", failing: 2, of: 10, share: 0.2 });
  expect(hidden.expectations[0]?.because).toMatch(/2 of 10 .* first a\.csv: row 7 \(line 8\): \(hidden\)$/);
  expect(hidden.expectations[0]?.rows).toHaveLength(2);
  expect(hidden.diff?.notes).toEqual([
    'Key "id" names more than one row: (hidden) is in "a.csv, row 1" and "a.csv, row 2"',
  ]);
  expect(hidden.diff).toMatchObject({ rowsAdded: 1, cells: [{ column: "x", changed: 1 }] });
});
