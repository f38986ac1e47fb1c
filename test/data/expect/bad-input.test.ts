import { expect, it } from "vitest";
import type { Expectation } from "#core/config/config.ts";
import { checkExpectations } from "#data/expect/check-expectations.ts";
import { openDuckDb } from "#data/open-duckdb.ts";
import type { DataFile } from "#data/data-file.ts";
import { temporaryFolder } from "../files.ts";
import { writeParquet } from "./parquet.ts";

const folder = temporaryFolder();
const good = folder.write("good.csv", "id,v\n1,10\n2,20\n");
const notNull: Expectation = { kind: "not-null", column: "v" };

it.for<[what: string, check: Partial<Record<"sql" | "where", string>>, says: string | RegExp]>([
  ["writes", { sql: "COPY (SELECT 1) TO 'x.csv'" }, "it is not one expression"],
  ["attaches", { sql: "true); ATTACH 'x.db'; SELECT (true" }, "it is not one expression"],
  ["reads a file", { sql: "(SELECT count(*) FROM read_csv('/etc/passwd')) > 0" }, "subquery is not allowed"],
  ["reads a file by name", { sql: "EXISTS (FROM '/etc/passwd')" }, "subquery is not allowed"],
  ["reads the environment", { where: "getenv('HOME') <> ''" }, "getenv"],
  ["reads text", { where: "read_text('/etc/passwd') IS NOT NULL" }, /read_text|not exist/],
  ["asks the clock", { where: "now() > TIMESTAMP '2020-01-01'" }, "does not always answer the same"],
  ["looks at other rows from one", { where: "v > avg(v)" }, "it must be the value of one row"],
  ["closes our brackets", { where: "true) OR (SELECT 1" }, "subquery is not allowed"],
  ["fills the memory", { sql: "length(repeat(repeat('a', 100000), 100000)) > 0" }, "values of any size"],
  ["fills the memory by the row", { where: "len(range(1, id)) > 0" }, "values of any size"],
  ["compares nothing", { sql: "sum(v)" }, "and not true or false"],
])("checkExpectations() refuses SQL that %s, and checks the rest", async ([, { sql, where }, says]) => {
  const bad: Expectation = sql === undefined ? { ...notNull, where } : { kind: "sql", sql };
  const [first, second] = await checkExpectations([bad, notNull], [good]);
  expect(first?.kind).toBe("error");
  expect(first?.because).toMatch(says);
  expect(second).toMatchObject({ kind: "pass", failing: 0 });
});

it("checkExpectations() stops SQL that does not end, says which, and checks the rest", async () => {
  const lines = Array.from({ length: 40_000 }, (_, index) => `${index},1`);
  const file = folder.write("long.csv", `id,v\n${lines.join("\n")}\n`);
  const slow: Expectation = { kind: "sql", sql: "levenshtein(repeat(id::VARCHAR, 150), repeat(v::VARCHAR, 600)) > 0" };
  const [first, second] = await checkExpectations([slow, notNull], [file], { timeoutMs: 150 });
  expect(first).toMatchObject({
    kind: "error",
    because: "A query on the data took longer than 0.15 s and was stopped",
  });
  expect(second).toMatchObject({ kind: "pass", of: 40_000 });
});

it("checkExpectations() says what SQL breaks at, of that SQL alone", async () => {
  const cast: Expectation = { kind: "sql", sql: "CAST(v || 'x' AS INTEGER) > 0" };
  const [first, second, third] = await checkExpectations([cast, notNull, { kind: "sql", sql: "nope > 0" }], [good]);
  expect(first).toMatchObject({ kind: "error" });
  expect(first?.because).toContain("Could not convert string '10x'");
  expect(second).toMatchObject({ kind: "pass" });
  expect(third?.because).toContain('"nope" not found');
});

const all: Expectation[] = [
  notNull,
  { kind: "unique", column: "v" },
  { kind: "sum", column: "v", low: 0, high: null },
  { kind: "monotonic", column: "v", order: "increasing" },
  { kind: "sql", sql: "v > 0" },
];
const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("id,v\n1,10\n", "utf16le")]);

it.for<[what: string, name: string, content: string | Uint8Array, says: string]>([
  ["of UTF-16", "u.csv", utf16, "byte 1 begins a mark of UTF-16; write it anew as UTF-8: iconv -f UTF-16 -t UTF-8"],
  ["of UTF-16 without a mark", "w.csv", utf16.subarray(2), "byte 2 is 0, as in UTF-16"],
  [
    "of Latin-1",
    "l.csv",
    Buffer.from("id,v\n1,caf\u00e9\n", "latin1"),
    'Cannot read "data/l.csv": byte 11 is 0xE9, which is not UTF-8; if it is Latin-1 (Windows-1252), write it anew: iconv -f WINDOWS-1252 -t UTF-8',
  ],
  ["with another delimiter below its header", "d.csv", "id,v\n1;10\n2;20\n", 'Cannot read "data/d.csv"'],
  ["of no rows", "none.csv", "id,v\n", 'There is nothing to check: "data/none.csv" holds no rows'],
  ["of nothing", "empty.csv", "", 'Cannot read "data/empty.csv"'],
  ["that is no Parquet", "p.parquet", "PAR1 no", 'Cannot read "data/p.parquet"'],
])("checkExpectations() on a file %s is one error for all", async ([, name, content, says]) => {
  const outcomes = await checkExpectations(all, [folder.write(name, content)]);
  expect(new Set(outcomes.map(({ kind, because }) => `${kind}: ${because.slice(0, says.length + 40)}`)).size).toBe(1);
  expect(outcomes[0]).toMatchObject({ kind: "error" });
  expect(outcomes[0]?.because).toContain(says);
});

it("checkExpectations() names a Parquet file whose pages are broken, and the columns that can be read are read", async () => {
  const { readFileSync, writeFileSync } = await import("node:fs");
  const file = await writeParquet(
    folder,
    "pages.parquet",
    "SELECT i AS id, (i * 7919 % 1009) * 1000003 AS v FROM range(20000) t(i)",
    "COMPRESSION zstd",
  );
  const bytes = readFileSync(file.path);
  const db = await openDuckDb({ reads: [file.path] });
  const found = await db.query(
    `SELECT data_page_offset::DOUBLE AS "from" FROM parquet_metadata('${file.path}') WHERE path_in_schema = 'v'`,
  );
  await db.close();
  const from = Number(found.get("from")?.[0]);
  bytes.fill(0xff, from + 40, from + 2_000);
  writeFileSync(file.path, bytes);
  const below = (column: string, high: number): Expectation => ({ kind: "between", column, low: 0, high });
  const [id, v] = await checkExpectations([below("id", 19_999), below("v", 5)], [file]);
  expect(id).toMatchObject({ kind: "pass", of: 20_000 });
  expect(v?.kind).toBe("error");
  expect(v?.because).toContain('Cannot read "data/pages.parquet": ');
});

it("checkExpectations() says which column a renamed one may be", async () => {
  const file = folder.write("renamed.csv", "id,customer_id\n1,2\n");
  const [outcome] = await checkExpectations([{ kind: "unique", column: "customerid" }], [file]);
  expect(outcome).toMatchObject({
    kind: "error",
    because: 'Column "customerid" is not in the data: there are "id", "customer_id"; did you mean "customer_id"?',
  });
});

const between: Expectation = { kind: "between", column: "x", low: 0, high: null };
const inRange = async (file: DataFile): Promise<unknown[]> => {
  const checks: Expectation[] = [
    { kind: "not-null", column: "x" },
    between,
    { kind: "mean", column: "x", low: 0, high: null },
    { kind: "unique", column: "x" },
    { kind: "type", column: "x", type: "number" },
  ];
  return (await checkExpectations(checks, [file])).map(({ kind, failing }) => [kind, failing]);
};

it("checkExpectations() tells NaN from empty cells and infinities from numbers", async () => {
  const odd = await writeParquet(
    folder,
    "odd.parquet",
    "SELECT * FROM (VALUES (1::DOUBLE), (NULL), ('NaN'::DOUBLE), ('inf'::DOUBLE), ('-inf'::DOUBLE)) t(x)",
  );
  expect(await inRange(odd)).toEqual([
    ["fail", 2],
    ["fail", 3],
    ["fail", null],
    ["pass", 0],
    ["pass", 0],
  ]);
  const [mean] = await checkExpectations([{ kind: "mean", column: "x", low: 0, high: 1 }], [odd]);
  expect(mean?.because).toContain("it is NaN, as some values are NaN or infinite");
});

it("checkExpectations() of one row, and of empty cells alone", async () => {
  expect(await inRange(folder.write("one.csv", "x,y\n3,1\n"))).toEqual([
    ["pass", 0],
    ["pass", 0],
    ["pass", null],
    ["pass", 0],
    ["pass", 0],
  ]);
  const empty = [
    ["fail", 3],
    ["pass", 0],
    ["fail", null],
    ["pass", 0],
    ["pass", 0],
  ];
  expect(await inRange(folder.write("nulls.csv", "x,y\n,1\n,2\n,3\n"))).toEqual(empty);
  const nulls = await writeParquet(folder, "nulls.parquet", "SELECT NULL::DOUBLE AS x FROM range(3)");
  expect(await inRange(nulls)).toEqual(empty);
});

it("checkExpectations() of a pattern that is none, and of a mean of text", async () => {
  const [pattern, mean] = await checkExpectations(
    [
      { kind: "matches", column: "v", pattern: "[a-" },
      { kind: "mean", column: "w", low: 0, high: 1 },
    ],
    [folder.write("text.csv", "v,w\n1,a\n")],
  );
  expect(pattern?.because).toContain('Cannot use "[a-" of "matches": it is no regular expression of RE2');
  expect(mean?.because).toBe(
    'Column "w" holds other things than numbers, of which there is no mean: expect "type: number" of it to see which',
  );
});

it("checkExpectations() says of a file that is not there that it is not, and reads one that is beside the data", async () => {
  const expectation: Expectation = { kind: "references", column: "id", file: "data/keys.csv", key: "key" };
  const [gone] = await checkExpectations([expectation], [good]);
  expect(gone?.because).toBe('Cannot read "data/keys.csv" of "references": there is no such file');
  const keys = folder.write("keys.csv", "key\n1\n2\n");
  const references = new Map([["data/keys.csv", keys]]);
  // a file that is referred to is no part of the table, though it matches the data inputs
  const [found] = await checkExpectations([expectation], [good, keys], { references });
  expect(found).toMatchObject({ kind: "pass", of: 2 });
});
