import { expect, it } from "vitest";
import type { Expectation } from "#core/config/config.ts";
import { checkExpectations } from "#data/expect/check-expectations.ts";
import { temporaryFolder } from "./files.ts";

const folder = temporaryFolder();
const data = [
  folder.write("a.csv", "id,age,plan\n1,30,basic\n2,,pro\n"),
  folder.write("b.csv", "id,age,plan\n2,200,basic\n3,41,gold\n"),
];

it.for<[Expectation, string, number | null, string[]]>([
  [{ kind: "not-null", column: "age" }, "fail", 1, ["data/a.csv: row 2 (line 3): (empty)"]],
  [{ kind: "not-null", column: "id" }, "pass", 0, []],
  [{ kind: "unique", column: "id" }, "fail", 2, ["data/a.csv: row 2 (line 3): 2", "data/b.csv: row 1 (line 2): 2"]],
  [{ kind: "between", column: "age", low: 0, high: 120 }, "fail", 1, ["data/b.csv: row 1 (line 2): 200"]],
  [
    { kind: "between", column: "plan", low: 0, high: 120 },
    "fail",
    4,
    [
      "data/a.csv: row 1 (line 2): basic",
      "data/a.csv: row 2 (line 3): pro",
      "data/b.csv: row 1 (line 2): basic",
      "data/b.csv: row 2 (line 3): gold",
    ],
  ],
  [{ kind: "in", column: "plan", values: ["basic", "pro"] }, "fail", 1, ["data/b.csv: row 2 (line 3): gold"]],
  [{ kind: "sql", sql: "sum(age) > 0" }, "pass", null, []],
  [{ kind: "sql", sql: "count(DISTINCT plan) = 2" }, "fail", null, []],
  [
    { kind: "sql", sql: "age > 40" },
    "fail",
    2,
    ["data/a.csv: row 1 (line 2): age 30", "data/a.csv: row 2 (line 3): age (empty)"],
  ],
  [{ kind: "sql", sql: "id > 0" }, "pass", 0, []],
  [{ kind: "sql", sql: "id > (SELECT 1)" }, "error", null, []],
  [{ kind: "sql", sql: "nope > 0" }, "error", null, []],
  [{ kind: "not-null", column: "nope" }, "error", null, []],
])("checkExpectations() of %o is %s", async ([expectation, kind, failing, examples]) => {
  expect(await checkExpectations([expectation], data)).toMatchObject([{ kind, failing, examples }]);
});

it("checkExpectations() on nothing, or on a file that cannot be read, is an error of every expectation", async () => {
  const two: Expectation[] = [
    { kind: "not-null", column: "id" },
    { kind: "unique", column: "id" },
  ];
  expect(await checkExpectations(two, [])).toMatchObject([{ kind: "error" }, { kind: "error" }]);
  const [broken] = await checkExpectations(two, [folder.write("broken.csv", "id\n1,2\n")]);
  expect(broken).toMatchObject({ kind: "error" });
  expect(broken?.because).toContain('Cannot read "data/broken.csv"');
});
