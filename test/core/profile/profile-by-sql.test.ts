import { join } from "node:path";
import { expect, it } from "vitest";
import { encodeProfile, type ProfileRecord } from "#core/profile/profile-json.ts";
import { dialects } from "#core/profile/sql/dialect.ts";
import { profileBySql } from "#core/profile/sql/profile-by-sql.ts";
import { sqlColumn } from "#core/profile/sql/sql-column.ts";
import { openDuckDb } from "#data/open-duckdb.ts";
import { profileFiles } from "#data/profile/profile-files.ts";
import { quoteText } from "#data/sql-text.ts";
import { temporaryFolder } from "#test/data/files.ts";

const folder = temporaryFolder();

/** Columns by name; `i` is the row, `u` is spread evenly over (0, 1) and has every bit of a double. */
const generated: Record<string, string> = {
  "even ones": "u",
  "both `signs": "u - 0.5",
  tails: "exp(40 * (u - 0.5)) * CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END",
  "every octave": "CASE WHEN i % 7 = 0 THEN -1 ELSE 1 END * (1 + u) * pow(2, i % 2045 - 1022)",
  "powers of 2": "pow(2, i % 2046 - 1022)",
  "next to powers of 2": "pow(2, i % 2045 - 1022) * (1 - 1.1102230246251565e-16)",
  "above powers of 2": "pow(2, i % 2045 - 1022) * (1 + 2.220446049250313e-16)",
  "next to 0": "CASE WHEN i % 3 = 0 THEN -1 ELSE 1 END * i * 5e-324",
  "next to 0 and larger": "CASE WHEN i % 2 = 0 THEN i * 1e-318 ELSE u END",
  "two heaps": "CASE WHEN i % 2 = 0 THEN 1 + u * 1e-6 ELSE -1e9 - u END",
  "one heap": "1 + (i % 3000) * 2.220446049250313e-16",
  "one heap, less fine": "1 + (i % 3000) * pow(2, -40)",
  "two hundred": "(i % 200) / 7",
  "just exact": "(i % 1024) / 7",
  "not exact": "(i % 1025) / 7",
  odd: "CASE i % 5 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN 'inf'::DOUBLE WHEN 2 THEN '-inf'::DOUBLE WHEN 3 THEN '-0.0'::DOUBLE END",
  "odd and more": "CASE WHEN i % 5 = 0 THEN 'nan'::DOUBLE WHEN i % 5 = 1 THEN 'inf'::DOUBLE ELSE u END",
  "only NaN": "'nan'::DOUBLE",
  "no finite": "CASE WHEN i % 2 = 0 THEN 'inf'::DOUBLE END",
  largest: "CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END * (1.7976931348623157e308 - i * 1e303)",
  single: "(u * 1000)::FLOAT",
  tiny: "(i % 200 - 100)::TINYINT",
  "16 bits": "CASE WHEN i % 13 > 0 THEN i * 5 - 30000 END::SMALLINT",
  "32 bits": "CASE WHEN i % 13 > 0 THEN (i - 6000) * 300000 END::INTEGER",
  "8 bits, no sign": "(i % 256)::UTINYINT",
  "16 bits, no sign": "(65535 - i * 5)::USMALLINT",
  "32 bits, no sign": "CASE WHEN i % 3 > 0 THEN 4294967295 - i * 300000 END::UINTEGER",
  "now and then": "CASE WHEN i % 4096 = 4095 THEN u END",
  "the same, for long": "CASE WHEN i < 9000 THEN 3 ELSE i END::DOUBLE",
  whole: "CASE WHEN i % 11 > 0 THEN i * i END",
  "whole, few": "i % 10",
  large: "(i - 6000) * 1537228672809129",
  unsigned: "(18446744073709551615 - i)::UBIGINT",
  money: "(i / 100)::DECIMAL(12, 2)",
  day: "DATE '1900-01-01' + (i % 60000)::INTEGER",
  "few days": "CASE WHEN i % 2 = 0 THEN DATE '2024-02-29' WHEN i % 3 = 0 THEN DATE '1969-12-31' END",
  "endless day": "CASE WHEN i % 2 = 0 THEN DATE 'infinity' ELSE DATE '-infinity' END",
  time: "TIMESTAMP '1969-12-31 12:00:00' + to_microseconds((i * 1234567)::BIGINT)",
  zoned: "(TIMESTAMP '2024-01-01' + to_seconds(i))::TIMESTAMPTZ",
  flag: "CASE i % 3 WHEN 0 THEN true WHEN 1 THEN false END",
  word: "CASE WHEN i % 9 > 0 THEN 'level ' || i % 50 END",
  many: "'ü' || i % 5000",
  long: "repeat('é😀', (i % 4 * 60)::INTEGER) || CASE WHEN i % 8 = 7 THEN 'x' ELSE '' END",
  named: "i % 300",
  list: "CASE WHEN i % 2 = 0 THEN [i] END",
  "no list": "NULL::INTEGER[]",
  nothing: "NULL::DOUBLE",
  'quo"ted': "i % 3",
};

/** More levels than are kept, and more values next to each other than an answer may have. */
const long: Record<string, string> = {
  named: "md5((i % 66000)::VARCHAR)",
  heap: "1 + i * 2.220446049250313e-16 * 4096 + CASE WHEN i % 70000 = 0 THEN 1e300 ELSE 0 END",
};

const names = ["named"];
type Both = { ours: ProfileRecord; theirs: ProfileRecord; queriesPerColumn: number };

async function profileBoth(rows: number, generate: Readonly<Record<string, string>>): Promise<Both> {
  const path = join(folder.path, `${rows}.parquet`);
  const columns = Object.entries(generate).map(([name, sql]) => `${sql} AS ${dialects.duckdb.quote(name)}`);
  const u = "fmod(i * 0.6180339887498949::DOUBLE + 1e-17, 1::DOUBLE)";
  const writer = await openDuckDb({ reads: [], writes: [path] });
  await writer.query(
    `COPY (SELECT ${columns.join(", ")} FROM (SELECT i, ${u} AS u FROM range(${rows}) r(i))) TO ${quoteText(path)} (FORMAT parquet)`,
  );
  await writer.close();
  const db = await openDuckDb({ reads: [path], ordered: false });
  let queries = 0;
  const ask = async (sql: string): Promise<unknown[][]> => {
    queries++;
    const answer = [...(await db.query(sql)).values()];
    return Array.from(answer[0] ?? [], (_, row) => answer.map((column) => column[row]));
  };
  const from = `read_parquet(${quoteText(db.readable(path))})`;
  const described = await ask(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${from})`);
  const found = described.map(([name, type]) =>
    sqlColumn("duckdb", String(name), String(type), names.includes(String(name))),
  );
  const theirs = encodeProfile(await profileBySql(ask, { dialect: dialects.duckdb, from }, found), { files: [] });
  await db.close();
  const ours = encodeProfile(await profileFiles([{ path, shown: "t.parquet" }], { names }), { files: [] });
  return { ours, theirs, queriesPerColumn: queries / found.length };
}

function expectSame({ ours, theirs }: Both): void {
  for (const [index, column] of ours.columns.entries()) expect(theirs.columns[index]).toEqual(column);
  expect(JSON.stringify(theirs)).toBe(JSON.stringify(ours));
}

it("gives by queries the profile that the scan gives, byte for byte", async () => {
  const both = await profileBoth(12_000, generated);
  expectSame(both);
  expect(both.queriesPerColumn).toBeLessThan(5);
  // the data is what it is meant to be: bins of all widths, and every type
  const { columns, rows } = both.ours;
  const bits = columns.flatMap((column) => ("numbers" in column ? (column.numbers.bins?.bits ?? []) : []));
  expect([rows, Math.min(...bits), Math.max(...bits)]).toEqual([12_000, -2, 41]);
  expect(new Set(columns.map(({ type }) => type)).size).toBe(8);
});

it("samples by queries as the scan samples, where levels or bins are too many for an answer", async () => {
  const both = await profileBoth(70_000, long);
  expectSame(both);
  expect(both.queriesPerColumn).toBeLessThan(8);
  expect(both.ours.columns[0]).toMatchObject({ levels: { depth: 5 } });
});
