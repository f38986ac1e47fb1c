import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { shortenLevel } from "#core/profile/level-counts.ts";
import { mergeProfiles } from "#core/profile/merge-profiles.ts";
import { decodeProfile, encodeProfile, type ProfileRecord } from "#core/profile/profile-json.ts";
import type { TableProfile } from "#core/profile/table-profile.ts";
import type { DataFile } from "#data/data-file.ts";
import { openDuckDb } from "#data/open-duckdb.ts";
import { profileFiles } from "#data/profile/profile-files.ts";
import { quoteText } from "#data/sql-text.ts";
import { temporaryFolder } from "./files.ts";

const folder = temporaryFolder();

async function writeParquet(name: string, select: string): Promise<DataFile> {
  const path = join(folder.path, name);
  const db = await openDuckDb({ reads: [], writes: [path] });
  await db.query(`COPY (${select}) TO ${quoteText(path)} (FORMAT parquet)`);
  await db.close();
  return { path, shown: name };
}

/** A profile in few words: what each column holds, by name. */
function show({ columns }: TableProfile): Record<string, unknown> {
  return Object.fromEntries(
    columns.map((column) => {
      const content =
        "numbers" in column
          ? { values: column.numbers.bins.entries().map(([value, count]) => `${value} × ${count}`) }
          : "levels" in column
            ? { levels: Object.fromEntries(column.levels.levels) }
            : {};
      return [column.name, { type: column.type, nulls: column.nulls, ...content }];
    }),
  );
}

it("reads each type of Parquet as what it is", async () => {
  const file = await writeParquet(
    "types.parquet",
    `SELECT * FROM (VALUES
      (1::TINYINT, 40000::USMALLINT, -5000000000::BIGINT, 18446744073709551615::UBIGINT, 1e30::HUGEINT, 0.1::FLOAT, -0.0::DOUBLE, 1.25::DECIMAL(10,2), DATE '1970-01-03', TIMESTAMP '1969-12-31 23:59:58.5', TIMESTAMPTZ '2020-01-01 00:00:00+00', TIMESTAMP_NS '1970-01-01 00:00:01.000001', TIME '00:01:00', true, 'a', [1], {'k': 1}, '\\x01'::BLOB, NULL::INTEGER, 7::BIGINT),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
      (1, 7, 9007199254740993, 0, 0, 'inf', 'nan', 0, DATE 'infinity', TIMESTAMP '-infinity', TIMESTAMPTZ 'infinity', NULL, NULL, false, 'a', NULL, {'k': 2}, NULL, NULL, 7)
    ) t(tiny, small, big, ubig, huge, single, zero, money, day, "when", zoned, nano, clock, flag, word, list, struct, blob, nothing, item)`,
  );
  const profile = await profileFiles([file], { names: ["item"] });
  expect(profile.rows).toBe(3);
  expect(show(profile)).toEqual({
    tiny: { type: "integer", nulls: 1, values: ["1 × 2"] },
    small: { type: "integer", nulls: 1, values: ["7 × 1", "40000 × 1"] },
    big: { type: "integer", nulls: 1, values: ["-5000000000 × 1", "9007199254740992 × 1"] },
    ubig: { type: "integer", nulls: 1, values: ["0 × 1", "18446744073709552000 × 1"] },
    // Parquet has no whole numbers of 128 bits: the writer made it a double
    huge: { type: "number", nulls: 1, values: ["0 × 1", "1e+30 × 1"] },
    single: { type: "float32", nulls: 1, values: [`${Math.fround(0.1)} × 1`] },
    zero: { type: "number", nulls: 1, values: ["0 × 1"] },
    money: { type: "number", nulls: 1, values: ["0 × 1", "1.25 × 1"] },
    day: { type: "time", nulls: 1, values: ["172800 × 1"] },
    when: { type: "time", nulls: 1, values: ["-1.5 × 1"] },
    zoned: { type: "time", nulls: 1, values: ["1577836800 × 1"] },
    nano: { type: "time", nulls: 2, values: ["1.000001 × 1"] },
    clock: { type: "number", nulls: 2, values: ["60 × 1"] },
    flag: { type: "boolean", nulls: 1, levels: { true: 1, false: 1 } },
    word: { type: "text", nulls: 1, levels: { a: 2 } },
    list: { type: "nested", nulls: 2 },
    struct: { type: "nested", nulls: 1 },
    blob: { type: "nested", nulls: 2 },
    nothing: { type: "empty", nulls: 3 },
    item: { type: "text", nulls: 1, levels: { 7: 2 } },
  });
  const odd = (name: string): unknown => {
    const column = profile.columns.find((one) => one.name === name);
    if (column === undefined || !("numbers" in column)) return undefined;
    const { nans, negativeInfinite, positiveInfinite } = column.numbers;
    return [nans, negativeInfinite, positiveInfinite];
  };
  expect(["single", "zero", "day", "when", "zoned"].map(odd)).toEqual([
    [0, 0, 1],
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
    [0, 0, 1],
  ]);
});

it("joins files of all formats by name, and the same values are the same profile", async () => {
  const csv = folder.write("a.csv", "x,word,long\n1,ä,12345678901234567890\n2.5,,12345678901234567891\n");
  const json = folder.write("b.ndjson", '{"x":1,"word":"ä","only":true}\n');
  const parquet = await writeParquet("c.parquet", `SELECT 4::SMALLINT AS x, repeat('é', 300) AS word`);
  const profile = await profileFiles([csv, json, parquet]);
  expect(show(profile)).toEqual({
    x: { type: "number", nulls: 0, values: ["1 × 2", "2.5 × 1", "4 × 1"] },
    word: { type: "text", nulls: 1, levels: { ä: 2, [shortenLevel("é".repeat(300))]: 1 } },
    long: { type: "text", nulls: 2, levels: { "12345678901234567890": 1, "12345678901234567891": 1 } },
    only: { type: "boolean", nulls: 3, levels: { true: 1 } },
  });
  const few = await profileFiles([csv], { columns: ["x", "word"], without: ["word"], most: 2_000 });
  expect(few.columns.map(({ name }) => name)).toEqual(["x"]);
  const listed = folder.write("listed.csv", 'a,b,"a,b",c\n1,2,3,4\n');
  const chosen = await Promise.all(
    [["a,b"], ["a, c"], ["a,b", "c,a"]].map(async (columns) => await profileFiles([listed], { columns })),
  );
  expect(chosen.map(({ columns }) => columns.map(({ name }) => name))).toEqual([
    ["a,b"],
    ["a", "c"],
    ["a", "a,b", "c"],
  ]);
});

it("says what it cannot profile", async () => {
  const number = folder.write("n.csv", "x\n1\n");
  const word = await writeParquet("w.parquet", "SELECT 'a' AS x");
  await expect(profileFiles([number, word])).rejects.toThrow(
    'column "x" holds text in one part and numbers in another',
  );
  await expect(profileFiles([number], { columns: ["y"] })).rejects.toThrow(
    'Column "y" of "columns" is not in "data/n.csv": there are "x"',
  );
  const many = folder.write("many.csv", `${Array.from({ length: 13 }, (_, index) => `c${index}`).join(",")}\n`);
  await expect(profileFiles([many], { names: ["zip"] })).rejects.toThrow('"c8", "c9" and 3 more');
  const torn = folder.write("torn.parquet", "PAR1 no PAR1");
  await expect(profileFiles([torn])).rejects.toThrow('Cannot read "data/torn.parquet"');
  const pair = readFileSync((await writeParquet("pair.parquet", "SELECT 1 AS ia, 2 AS ib")).path);
  const twins = folder.write("twins.parquet", Buffer.from(pair.toString("latin1").replaceAll("ib", "ia"), "latin1"));
  await expect(profileFiles([twins])).rejects.toThrow('"data/twins.parquet": it has two columns named "ia"');
  const numbered = await writeParquet("numbered.parquet", "SELECT 1 AS file_row_number");
  await expect(profileFiles([numbered], { shard: { index: 1, of: 2 } })).rejects.toThrow(
    '"numbered.parquet": its column "file_row_number" is called as the rows are',
  );
  await expect(profileFiles([])).rejects.toThrow("there are no files");
});

it("profiles eight shards that are the whole, exactly: by file, and by row where there are fewer", async () => {
  const select = (from: number, to: number): string =>
    `SELECT i AS id, sin(i)::FLOAT AS wave, CASE WHEN i % 9 > 0 THEN ln(i + 1) END AS grown, 'level ' || (i * i) % 2003 AS level FROM range(${from}, ${to}) r(i)`;
  const one = await writeParquet("all.parquet", select(0, 30_000));
  const cuts = [0, 1, 5_000, 5_001, 9_000, 12_000, 17_000, 17_500, 21_000, 26_000, 30_000];
  const many = [];
  for (const [index, end] of cuts.slice(1).entries())
    many.push(await writeParquet(`some-${index}.parquet`, select(cuts[index] ?? 0, end)));
  const csv = folder.write(
    "all.csv",
    `id,half\n${Array.from({ length: 999 }, (_, id) => `${id},${id / 2}`).join("\n")}\n`,
  );
  // so long that two threads read it
  const pad = "x".repeat(1_000);
  const long = folder.write(
    "long.csv",
    `id,pad\n${Array.from({ length: 30_000 }, (_, id) => `${id},${pad}`).join("\n")}\n`,
  );
  const store = (profile: TableProfile): ProfileRecord => encodeProfile(profile, { files: [] });
  for (const { files, of } of [
    { files: [one], of: 8 },
    { files: many, of: 8 },
    { files: [csv], of: 2 },
    { files: [long], of: 3 },
  ]) {
    const whole = store(await profileFiles(files));
    const parts: TableProfile[] = [];
    for (let index = 1; index <= of; index++) {
      const part = await profileFiles(files, { shard: { index, of } });
      parts.push(decodeProfile(JSON.parse(JSON.stringify(store(part)))));
    }
    expect(parts.every(({ rows }) => rows > 0)).toBe(true);
    expect(store(mergeProfiles(parts.toReversed()))).toEqual({ ...whole });
  }
  expect(store(await profileFiles(many))).toEqual(store(await profileFiles([one])));
});
