import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { openDuckDb } from "#data/open-duckdb.ts";
import { readTable } from "#data/table/read-table.ts";
import type { DataFile } from "#data/data-file.ts";
import { temporaryFolder } from "./files.ts";

const folder = temporaryFolder();

async function read(files: readonly DataFile[]): Promise<{ types: Record<string, string>; rows: unknown[][] }> {
  const db = await openDuckDb({ reads: files.map(({ path }) => path) });
  try {
    const table = await readTable(db, files, "t", { typed: "all" });
    const columns = table.columns.map(({ name }) => `"${name.replaceAll('"', '""')}"::VARCHAR`);
    const found = await db.query(
      `SELECT [${columns.join(", ")}]::VARCHAR AS line FROM t ORDER BY "trainyard file", "trainyard row"`,
    );
    const rows = (found.get("line") ?? []).map((line) => [line]);
    return { types: Object.fromEntries(table.columns.map(({ name, type }) => [name, type])), rows };
  } finally {
    await db.close();
  }
}

it.for<[string, string, Record<string, string>, string[]]>([
  [
    "types from all values",
    "a,b,c,d\n1,1.5,x,true\n2,2,,false\n",
    { a: "BIGINT", b: "DOUBLE", c: "VARCHAR", d: "BOOLEAN" },
    ["[1, 1.5, x, true]", "[2, 2.0, NULL, false]"],
  ],
  ["codes with zeros in front as text", "zip\n007\n010\n", { zip: "VARCHAR" }, ["[007]", "[010]"]],
  [
    "numbers too long for a number as text",
    "n\n12345678901234567890123\n1\n",
    { n: "VARCHAR" },
    ["[12345678901234567890123]", "[1]"],
  ],
  ["NA as text, it is a country", "c\nNA\nDE\n", { c: "VARCHAR" }, ["[NA]", "[DE]"]],
  [
    "dates only as year-month-day",
    "d,e\n2026-01-31,01/02/2026\n",
    { d: "DATE", e: "VARCHAR" },
    ["[2026-01-31, 01/02/2026]"],
  ],
  ["semicolons, though a value holds commas", 'a;b\n"1,5";x,y\n', { a: "VARCHAR", b: "VARCHAR" }, ["['1,5', 'x,y']"]],
  [
    "quotes, line ends and delimiters inside quotes",
    'a,"b, ""c"""\n"x\ny","1,2"\n',
    { a: "VARCHAR", 'b, "c"': "VARCHAR" },
    ["[x\ny, '1,2']"],
  ],
  ["a byte order mark and CR LF", "\uFEFFa,b\r\n1,2\r\n", { a: "BIGINT", b: "BIGINT" }, ["[1, 2]"]],
  ["mixed line ends", "a,b\r\n1,2\n3,4\r\n", { a: "BIGINT", b: "BIGINT" }, ["[1, 2]", "[3, 4]"]],
  [
    "inf and NaN as numbers beside numbers, and as names among themselves",
    "a,b,c\n1,inf,-inf\nNaN,inf,2.5\n",
    { a: "DOUBLE", b: "VARCHAR", c: "DOUBLE" },
    ["[1.0, inf, -inf]", "[nan, inf, 2.5]"],
  ],
  ["an empty column as text", "a,b\n1,\n2,\n", { a: "BIGINT", b: "VARCHAR" }, ["[1, NULL]", "[2, NULL]"]],
  [
    "times with an offset",
    "t,u\n,2026-01-01 00:00:00+02\n,2026-01-01T00:00:00Z\n",
    { t: "VARCHAR", u: "TIMESTAMP WITH TIME ZONE" },
    // shown in the time zone of the machine
    [expect.any(String), expect.any(String)],
  ],
  ["no record at all", "a,b\n", { a: "VARCHAR", b: "VARCHAR" }, []],
  ["a last line without an end", "a\n1\n2", { a: "BIGINT" }, ["[1]", "[2]"]],
])("readTable() reads CSV with %s", async ([, text, types, lines]) => {
  const found = await read([folder.write("x.csv", text)]);
  expect(found.types).toEqual(types);
  expect(found.rows.map(([line]) => line)).toEqual(lines);
});

it("readTable() decides a type by the value in row 50,001 too", async () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => String(i));
  const { types, rows } = await read([folder.write("long.csv", `n\n${lines.join("\n")}\nN/A\n`)]);
  expect(types).toEqual({ n: "VARCHAR" });
  expect(rows).toHaveLength(50_001);
});

it("readTable() unites files by column name, in order, from csv.gz, ndjson and csv", async () => {
  const files = [
    folder.write("1.csv.gz", gzipSync("a,b\n1,x\n")),
    folder.write("2.ndjson", '{"b":"y","a":2}\n\n{"c":{"d":1},"a":3}\n'),
    folder.write("3.csv", "b,a\nz,4\n"),
  ];
  const { types, rows } = await read(files);
  expect(types).toEqual({ a: "BIGINT", b: "VARCHAR", c: "VARCHAR" });
  expect(rows.flat()).toEqual(["[1, x, NULL]", "[2, y, NULL]", `[3, NULL, '{"d":1}']`, "[4, z, NULL]"]);
});

it("readTable() numbers the rows of a file that has a column by the engine's name for that", async () => {
  const { rows } = await read([folder.write("rowid.csv", "RowId,n\n9,a\n7,b\n")]);
  expect(rows.flat()).toEqual(["[9, a]", "[7, b]"]);
});

it("readTable() takes a file name for a name, never for a pattern", async () => {
  folder.write("aXb.csv", "n\n2\n");
  expect((await read([folder.write("a*b.csv", "n\n1\n")])).rows.flat()).toEqual(["[1]"]);
  expect((await read([folder.write("[ab]'.csv", "n\n3\n")])).rows.flat()).toEqual(["[3]"]);
});

it("readTable() takes no column from the name of a folder, least of all in place of the file's own", async () => {
  mkdirSync(join(folder.path, "n=7", "new=8"), { recursive: true });
  const path = (name: string): string => join(folder.path, "n=7", "new=8", name);
  const db = await openDuckDb({ reads: [], writes: [path("p.parquet")] });
  await db.query(`COPY (SELECT 1 AS n) TO '${path("p.parquet")}' (FORMAT parquet)`);
  await db.close();
  const files = [
    folder.write("n=7/new=8/c.csv", "n\n1\n"),
    folder.write("n=7/new=8/j.ndjson", '{"n":1}\n'),
    { path: path("p.parquet"), shown: "p.parquet" },
  ];
  for (const file of files) {
    const { types, rows } = await read([file]);
    expect([Object.keys(types), rows.flat()]).toEqual([["n"], ["[1]"]]);
  }
});

it.for<[string, string, string | Uint8Array, string]>([
  [
    "a record with too many fields",
    "w.csv",
    "a,b\n1,2\n1,2,3\n",
    'Cannot read "data/w.csv": line 3 has 3 cells, and the header line names 2 columns',
  ],
  [
    "a record with too few fields",
    "f.csv",
    "a,b\n1,2\n1\n",
    'Cannot read "data/f.csv": line 3 has 1 cell, and the header line names 2 columns',
  ],
  ["a quote that never closes", "q.csv", 'a,b\n1,"2\n3,4\n', "a quote opens in it that nothing closes"],
  ["a column named twice", "d.csv", "a,b,a\n1,2,3\n", 'its header line names the column "a" twice'],
  ["columns that differ by capitals", "c.csv", "a,b,A\n1,2,3\n", '"a" and "A", which differ by capitals only'],
  ["lines that end in CR alone", "r.csv", "a,b\r1,2\r3,4\r", "its lines end in CR alone, as on old Macs"],
  ["one key twice", "k.ndjson", '{"a":1}\n{"b":1,"b":2}\n', 'line 2 has the key "b" twice'],
  ["a line that is no object beside one key", "o.ndjson", '{"a":1}\n[2]\n', "line 2 is no object with keys"],
  ["keys that differ by capitals", "s.ndjson", '{"a":1,"A":2}\n', "by capitals only"],
  ["a column without a name", "n.csv", "a,,c\n1,2,3\n", "column 2 of its header line has no name"],
  [
    "nothing in it",
    "e.csv",
    "",
    'Cannot read "data/e.csv": its first line is empty, where the names of the columns belong',
  ],
  [
    "bytes that are no text",
    "b.csv",
    Uint8Array.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]),
    "byte 3 is 0xFF, which is not UTF-8",
  ],
  ["no gzip inside", "z.csv.gz", "a\n1\n", 'Cannot read "data/z.csv.gz"'],
  ["no Parquet inside", "p.parquet", "a\n1\n", '"data/p.parquet": it is no Parquet file'],
  ["lines that are no JSON", "j.ndjson", '{"a":1}\nnope\n', '"data/j.ndjson": a line of it is no JSON'],
  ["another ending", "t.txt", "a\n1\n", 'Cannot read "data/t.txt" as a table'],
])("readTable() refuses a file with %s in one sentence", async ([, name, content, message]) => {
  const file = folder.write(name, content);
  await expect(read([file])).rejects.toThrow(message);
  await expect(read([file])).rejects.not.toThrow(/\n/);
});

it("a database sees the files it was opened for and nothing else", async () => {
  const file = folder.write("open.csv", "n\n1\n");
  const other = folder.write("secret.csv", "n\n1\n");
  const db = await openDuckDb({ reads: [file.path] });
  try {
    await expect(db.query(`SELECT * FROM read_text('${other.path}')`)).rejects.toThrow(/Permission/);
    await expect(db.query(`COPY (SELECT 1) TO '${other.path}.out'`)).rejects.toThrow(/Permission/);
    await expect(db.query("SET enable_external_access=true")).rejects.toThrow(/lock/i);
    await expect(db.query("INSTALL httpfs")).rejects.toThrow();
  } finally {
    await db.close();
  }
});

it("a query that never ends is stopped", async () => {
  const db = await openDuckDb({ reads: [], timeoutMs: 200 });
  try {
    await expect(db.query("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b")).rejects.toThrow(
      "took longer than 0.2 s",
    );
  } finally {
    await db.close();
  }
});
