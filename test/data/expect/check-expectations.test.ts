import { expect, it } from "vitest";
import type { Expectation } from "#core/config/config.ts";
import { draftExpectations } from "#core/expect/draft-expectations.ts";
import { parseExpectationList } from "#core/expect/parse-list.ts";
import { writeDraft } from "#core/expect/write-draft.ts";
import { checkExpectations, type CheckOptions } from "#data/expect/check-expectations.ts";
import { readFacts } from "#data/expect/read-facts.ts";
import { temporaryFolder } from "../files.ts";
import { writeParquet } from "./parquet.ts";

const folder = temporaryFolder();
const days = Date.UTC(2026, 0, 10);

// the same rows as text and as Parquet, each in two files
const text = [
  folder.write(
    "a.csv",
    'id,store,day,price,plan,note,flag\n1,north,2026-01-01,1.5,basic,"two\nlines",true\n2,north,2026-01-02,2.5,pro,ok,false\n3,south,2026-01-01,,basic,,true\n',
  ),
  folder.write(
    "b.csv",
    "id,store,day,price,plan,note,flag\n4,south,2026-01-02,40,gold,ok,true\n5,south,2026-01-01,3,basic,x,true\n",
  ),
];
const items = folder.write("items.csv", "name,code\nbasic,1\npro,2\n");
const references = new Map([["data/items.csv", items]]);
const options: CheckOptions = { references, nowMs: days };

const parquet = await Promise.all([
  writeParquet(
    folder,
    "a.parquet",
    "SELECT * FROM (VALUES (1, 'north', DATE '2026-01-01', 1.5::DOUBLE, 'basic', 'two lines', true), (2, 'north', DATE '2026-01-02', 2.5, 'pro', 'ok', false), (3, 'south', DATE '2026-01-01', NULL, 'basic', NULL, true)) t(id, store, day, price, plan, note, flag)",
  ),
  writeParquet(
    folder,
    "b.parquet",
    "SELECT * FROM (VALUES (4, 'south', DATE '2026-01-02', 40::DOUBLE, 'gold', 'ok', true), (5, 'south', DATE '2026-01-01', 3, 'basic', 'x', true)) t(id, store, day, price, plan, note, flag)",
  ),
]);

type Row = [
  expectation: Expectation,
  kind: string,
  failing: number | null,
  of: number | null,
  rows: number[],
  value?: string,
];
const rows: Row[] = [
  [{ kind: "not-null", column: "price" }, "fail", 1, 5, [3], "(empty)"],
  [{ kind: "not-null", column: "price", mostly: 0.8 }, "pass", 1, 5, [3]],
  [{ kind: "not-null", column: "price", mostly: 0.81 }, "fail", 1, 5, [3]],
  [{ kind: "not-null", column: "price", where: "store = 'north'" }, "pass", 0, 2, []],
  [{ kind: "not-null", column: "price", where: "store = 'east'" }, "pass", 0, 0, []],
  [{ kind: "unique", column: "id" }, "pass", 0, 5, []],
  [{ kind: "unique", column: "store" }, "fail", 5, 5, [1, 2, 3, 4, 5], "north"],
  [{ kind: "unique", column: "store", where: "day = DATE '2026-01-01'" }, "fail", 2, 3, [3, 5], "south"],
  [{ kind: "unique", column: "price" }, "pass", 0, 4, []],
  [{ kind: "unique-rows", columns: ["store", "day"] }, "fail", 2, 5, [3, 5], "south, 2026-01-01"],
  [{ kind: "unique-rows", columns: ["day", "id"] }, "pass", 0, 5, []],
  [{ kind: "between", column: "price", low: 2, high: 10 }, "fail", 2, 4, [1, 4], "1.5"],
  [{ kind: "between", column: "price", low: 2, high: null }, "fail", 1, 4, [1]],
  [{ kind: "between", column: "id", low: null, high: 4 }, "fail", 1, 5, [5]],
  [{ kind: "between", column: "price", low: 2, high: 10, where: "id > 1" }, "fail", 1, 3, [4]],
  [{ kind: "in", column: "plan", values: ["basic", "pro"] }, "fail", 1, 5, [4], "gold"],
  [{ kind: "in", column: "id", values: [1, 2, "3", 4, 5] }, "pass", 0, 5, []],
  [{ kind: "in", column: "price", values: [1.5, 2.5, 3, 40] }, "pass", 0, 4, []],
  [{ kind: "in", column: "flag", values: [true] }, "fail", 1, 5, [2], "false"],
  [{ kind: "not-in", column: "plan", values: ["gold"] }, "fail", 1, 5, [4]],
  [{ kind: "not-in", column: "id", values: [9] }, "pass", 0, 5, []],
  [{ kind: "matches", column: "plan", pattern: "as" }, "fail", 2, 5, [2, 4]],
  [{ kind: "matches", column: "plan", pattern: "^basic$|^pro$" }, "fail", 1, 5, [4]],
  [{ kind: "matches", column: "store", pattern: "^[ns]o" }, "pass", 0, 5, []],
  [{ kind: "length", column: "plan", low: 4, high: 5 }, "fail", 1, 5, [2], "pro"],
  [{ kind: "type", column: "price", type: "number" }, "pass", 0, 4, []],
  [{ kind: "type", column: "price", type: "integer" }, "fail", 2, 4, [1, 2], "1.5"],
  [{ kind: "type", column: "day", type: "date" }, "pass", 0, 5, []],
  [{ kind: "type", column: "store", type: "text" }, "pass", 0, 5, []],
  [{ kind: "type", column: "flag", type: "boolean" }, "pass", 0, 5, []],
  [{ kind: "row-count", low: 5, high: 5 }, "pass", null, 5, []],
  [{ kind: "row-count", low: 6, high: null }, "fail", null, 5, []],
  [{ kind: "row-count", low: 2, high: 2, where: "store = 'north'" }, "pass", null, 2, []],
  [{ kind: "freshness", column: "day", withinMs: 9 * 86_400_000 }, "pass", null, 5, []],
  [{ kind: "freshness", column: "day", withinMs: 7 * 86_400_000 }, "fail", null, 5, []],
  [{ kind: "freshness", column: "day", withinMs: 8 * 86_400_000, where: "id = 1" }, "fail", null, 1, []],
  [{ kind: "references", column: "plan", file: "data/items.csv", key: "name" }, "fail", 1, 5, [4], "gold"],
  [{ kind: "references", column: "id", file: "data/items.csv", key: "code" }, "fail", 3, 5, [3, 4, 5]],
  [{ kind: "monotonic", column: "id", order: "strictly-increasing" }, "pass", 0, 5, []],
  [{ kind: "monotonic", column: "store", order: "increasing" }, "pass", 0, 5, []],
  [{ kind: "monotonic", column: "store", order: "strictly-increasing" }, "fail", 3, 5, [2, 4, 5], "north after north"],
  [{ kind: "monotonic", column: "price", order: "increasing" }, "fail", 1, 4, [5]],
  [{ kind: "monotonic", column: "day", order: "increasing", where: "store = 'north'" }, "pass", 0, 2, []],
  [{ kind: "sum", column: "price", low: 47, high: 47 }, "pass", null, 4, []],
  [{ kind: "mean", column: "price", low: 11.7, high: 11.8 }, "pass", null, 4, []],
  [{ kind: "mean", column: "price", low: 1, high: 3, where: "store = 'north'" }, "pass", null, 2, []],
  [{ kind: "quantile", column: "price", at: 0.5, low: 2.75, high: 2.75 }, "pass", null, 4, []],
  [{ kind: "quantile", column: "price", at: 0.5, low: 0, high: 2.7 }, "fail", null, 4, []],
  [{ kind: "quantile", column: "price", at: 1, low: null, high: 40 }, "pass", null, 4, []],
  [{ kind: "columns", columns: ["id", "day"], only: false, ordered: true }, "pass", null, null, []],
  [{ kind: "columns", columns: ["day", "id"], only: false, ordered: true }, "fail", null, null, []],
  [{ kind: "columns", columns: ["day", "id"], only: true, ordered: false }, "fail", null, null, []],
  [{ kind: "sql", sql: "sum(price) > 0" }, "pass", null, 5, []],
  [{ kind: "sql", sql: "sum(price) > 4", where: "store = 'north'" }, "fail", null, 2, []],
  [{ kind: "sql", sql: "price < 30 OR plan = 'gold'" }, "fail", 1, 5, [3], "price (empty), plan basic"],
  [{ kind: "sql", sql: "price < 30 OR plan = 'gold'", where: "price IS NOT NULL" }, "pass", 0, 4, []],
];

it.each([
  ["text", text],
  ["Parquet where it lies", parquet],
] as const)("checkExpectations() answers every kind together, on %s", async (_, files) => {
  const outcomes = await checkExpectations(
    rows.map(([expectation]) => expectation),
    files,
    options,
  );
  const found = outcomes.map(({ kind, failing, of, rows: shown = [] }) => [
    kind,
    failing,
    of,
    // record 1 of the second file is row 4 of all
    shown.map(({ file, row }) => (file.includes("/b.") ? row + 3 : row)),
  ]);
  expect(found).toEqual(rows.map(([, kind, failing, of, at]) => [kind, failing, of, at]));
  const values = rows.map(([, , , , , value], index) =>
    value === undefined ? value : outcomes[index]?.rows?.[0]?.value,
  );
  expect(values).toEqual(rows.map(([, , , , , value]) => value));
});

it("checkExpectations() alone answers what it answers among others", async () => {
  const alone = await Promise.all(
    rows.slice(6, 10).map(async ([expectation]) => (await checkExpectations([expectation], parquet, options))[0]),
  );
  const together = await checkExpectations(
    rows.map(([expectation]) => expectation),
    parquet,
    options,
  );
  expect(alone).toEqual(together.slice(6, 10));
});

it("checkExpectations() names file, line, column and text of a cell that does not parse", async () => {
  const file = folder.write("cells.csv", 'n,name\r\n1,"a\n\nb"\r\n2,c\r\n\r\ntwelve,d\r\n');
  const [outcome] = await checkExpectations([{ kind: "type", column: "n", type: "integer" }], [file]);
  expect(outcome?.because).toBe(
    '"n" is a whole number: 1 of 3 rows with a value breaks it (33.3 %), first data/cells.csv: row 3 (line 7): twelve',
  );
  expect(outcome?.rows).toEqual([{ file: "data/cells.csv", row: 3, line: 7, value: "twelve" }]);
});

it("checkExpectations() shows the most frequent values that fail, and what a warning is worth", async () => {
  const lines = Array.from({ length: 40 }, (_, index) => (index % 4 === 0 ? "-1" : index % 10 === 0 ? "x" : "5"));
  const file = folder.write("often.csv", `v\n${lines.join("\n")}\n`);
  const [outcome] = await checkExpectations([{ kind: "in", column: "v", values: [5], level: "warn" }], [file]);
  const floats =
    "SELECT CASE WHEN i < 5 THEN -3.0 WHEN i < 7 THEN -1.5 ELSE i / 7 END::DOUBLE AS v FROM range(60) t(i)";
  const [below, mean] = await checkExpectations(
    [
      { kind: "between", column: "v", low: 0, high: null },
      { kind: "mean", column: "v", low: null, high: 0 },
    ],
    [await writeParquet(folder, "floats.parquet", floats)],
  );
  expect(below?.values).toEqual([
    { value: "-3.0", count: 5 },
    { value: "-1.5", count: 2 },
  ]);
  expect(mean).toMatchObject({ kind: "fail", failing: null });
  expect(mean?.measured).toBeCloseTo((1_749 / 7 - 18) / 60, 9);
  expect(outcome).toMatchObject({
    kind: "fail",
    level: "warn",
    failing: 12,
    share: 0.3,
    values: [
      { value: "-1", count: 10 },
      { value: "x", count: 2 },
    ],
  });
  expect(outcome?.rows).toHaveLength(5);
});

it("a draft of several months holds a good month, and not one that is empty more often", async () => {
  const month = (name: string, from: number, empty: number) => {
    const rows = Array.from({ length: 400 }, (_, index) => `${from + index},${index % empty === 0 ? "" : "web"}`);
    return folder.write(name, `id,channel\n${rows.join("\n")}\n`);
  };
  const months = [40, 50, 40, 50].map((empty, index) => month(`${index}.csv`, index * 400, empty));
  const parsed = parseExpectationList(writeDraft(draftExpectations(await readFacts(months), days)));
  const drafted = parsed.kind === "expectations" ? parsed.expectations : [];
  const judge = async (name: string, empty: number) =>
    (await checkExpectations(drafted, [month(name, 200, empty)])).filter(({ kind }) => kind !== "pass");
  expect(drafted).toHaveLength(8);
  expect(await judge("good.csv", 40)).toEqual([]);
  expect(await judge("gaps.csv", 5)).toMatchObject([{ failing: 80, of: 400 }]);
});
