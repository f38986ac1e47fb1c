import { join } from "node:path";
import { expect, it } from "vitest";
import { diffData, type DiffJob } from "#data/diff/diff-data.ts";
import { diffVersions } from "#data/diff/diff-versions.ts";
import { openDuckDb } from "#data/open-duckdb.ts";
import { temporaryFolder } from "./files.ts";

const folder = temporaryFolder();
let written = 0;
const version = (name: string, text: string, blob = `blob ${++written}`) => ({
  ...folder.write(`${++written}-${name}`, text),
  shown: name,
  blob,
});

/** Parquet files of these queries, all made by one engine. */
async function parquet(...queries: readonly string[]) {
  const paths = queries.map(() => join(folder.path, `${++written}.parquet`));
  const db = await openDuckDb({ reads: [], writes: paths });
  for (const [index, sql] of queries.entries())
    await db.query(`COPY (${sql}) TO '${paths[index]}' (FORMAT parquet, USE_TMP_FILE false)`);
  await db.close();
  return paths.map((path) => ({ path, shown: "t.parquet", name: "t", blob: path }));
}

const named = (file: ReturnType<typeof version>) => ({ ...file, name: "t" });

it.for<[string, ReturnType<typeof version>[], ReturnType<typeof version>[], object]>([
  [
    "nothing",
    [version("a.csv", "n\n1\n", "1")],
    [version("a.csv", "n\n1\n", "1")],
    { filesAdded: 0, filesRemoved: 0, filesChanged: 0, rowsAdded: 0, rowsRemoved: 0 },
  ],
  ["a file more", [], [version("a.csv", "n\n1\n2\n")], { filesAdded: 1, rowsAdded: 2, rowsRemoved: 0 }],
  ["a file less", [version("a.csv", "n\n1\n2\n")], [], { filesRemoved: 1, rowsAdded: 0, rowsRemoved: 2 }],
  [
    "a file moved",
    [version("a.csv", "n\n1\n", "1")],
    [version("b.csv", "n\n1\n", "1")],
    { filesAdded: 1, filesRemoved: 1, rowsAdded: 0, rowsRemoved: 0 },
  ],
  [
    "rows in another order, one of two copies gone, one new",
    [version("a.csv", "n,m\n1,x\n2,y\n2,y\n")],
    [version("a.csv", "m,n\nz,3\ny,2\nx,1\n")],
    {
      filesChanged: 1,
      rowsAdded: 1,
      rowsRemoved: 1,
      rowsChanged: null,
      duplicates: { before: 1, after: 0 },
      examples: { added: ["a.csv: row 1"], removed: ["a.csv: row 2"] },
      columns: { reordered: true },
    },
  ],
  [
    "rows that went from one file to another",
    [version("a.csv", "n\n1\n2\n"), version("b.csv", "n\n3\n")],
    [version("a.csv", "n\n1\n"), version("b.csv", "n\n3\n2\n")],
    { filesChanged: 2, rowsAdded: 0, rowsRemoved: 0 },
  ],
  [
    "a column more, in rows that are the same otherwise",
    [version("a.csv", "n\n1\n")],
    [version("a.csv", "n,m\n1,5\n")],
    { rowsAdded: 0, rowsRemoved: 0, columns: { added: [{ column: "m", type: "number" }], removed: [] } },
  ],
  ["no rows at all", [version("a.csv", "n\n")], [version("a.csv", "n\n1\n")], { rowsAdded: 1, rowsRemoved: 0 }],
  [
    "something that is no table",
    [version("a.png", "x")],
    [version("a.png", "y")],
    { filesChanged: 1, rowsAdded: null, rowsRemoved: null },
  ],
  [
    "a table that is broken",
    [version("a.csv", "n\n1\n")],
    [version("a.csv", "n\n1,2\n")],
    { filesChanged: 1, rowsAdded: null, rowsRemoved: null },
  ],
  [
    "Parquet that is none",
    [version("a.parquet", "PAR1 and no more")],
    [version("a.parquet", "")],
    { filesChanged: 1, rowsAdded: null, notes: [expect.stringContaining('Cannot read "a.parquet"')] },
  ],
])("diffVersions() sees %s", async ([, before, after, wanted]) => {
  expect(await diffVersions({ before, after })).toMatchObject(wanted);
});

/** 200 rows by key, changed at random: what a Map finds is what the engine must find. */
it("diffData() finds what a brute force finds, by key and without", async () => {
  let state = 7;
  const random = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  type Row = { a: string; b: string; c: string };
  const row = (): Row => ({ a: String(random(5)), b: random(4) === 0 ? "" : `t${random(3)}`, c: `${random(9)}.5` });
  const before = new Map(Array.from({ length: 200 }, (_, id) => [id, row()]));
  const after = new Map([...before].filter(() => random(10) > 0).map(([id, old]) => [id, random(4) > 0 ? old : row()]));
  for (let id = 200; id < 215; id++) after.set(id, { ...row(), b: "new" });
  const write = (rows: ReadonlyMap<number, Row>, shuffled: boolean): string => {
    const lines = [...rows].map(([id, { a, b, c }]) => `${id},${a},${b},${c}`);
    return `id,a,b,c\n${(shuffled ? lines.toReversed() : lines).join("\n")}\n`;
  };
  const files = { before: [version("t.csv", write(before, false))], after: [version("t.csv", write(after, true))] };
  const both = [...after].flatMap(([id, now]) => {
    const old = before.get(id);
    return old === undefined ? [] : [{ old, now }];
  });
  const changed = (column: keyof Row): number => both.filter(({ old, now }) => old[column] !== now[column]).length;
  const empty = (rows: ReadonlyMap<number, Row>): number => [...rows.values()].filter(({ b }) => b === "").length;
  const count = (rows: ReadonlyMap<number, Row>, a: string): number =>
    [...rows.values()].filter((one) => one.a === a).length;

  const keyed = await diffData({ ...files, key: ["id"], label: "a" });
  expect(keyed).toMatchObject({
    rowsAdded: 15,
    rowsRemoved: 200 - (after.size - 15),
    rowsChanged: both.filter(({ old, now }) => old.a !== now.a || old.b !== now.b || old.c !== now.c).length,
    rows: { before: 200, after: after.size },
    key: ["id"],
    nulls: [{ column: "b", before: empty(before), after: empty(after) }],
    categories: [{ column: "b", new: { values: 1, rows: 15, examples: [{ value: "new", rows: 15 }] } }],
    notes: [],
  });
  expect(Object.fromEntries(keyed.cells?.map(({ column, changed: n }) => [column, n]) ?? [])).toEqual({
    a: changed("a"),
    b: changed("b"),
    c: changed("c"),
  });
  for (const { key, before: old, after: now } of keyed.cells?.find(({ column }) => column === "a")?.examples ?? [])
    expect([before.get(Number(key))?.a, after.get(Number(key))?.a]).toEqual([old, now]);
  for (const label of keyed.labels?.values ?? [])
    expect(label).toEqual({
      value: label.value,
      before: count(before, label.value ?? ""),
      after: count(after, label.value ?? ""),
    });

  const text = (rows: ReadonlyMap<number, Row>): string[] => [...rows].map(([id, one]) => JSON.stringify([id, one]));
  const [old, now] = [new Set(text(before)), new Set(text(after))];
  expect(await diffData(files)).toMatchObject({
    rowsAdded: [...now].filter((one) => !old.has(one)).length,
    rowsRemoved: [...old].filter((one) => !now.has(one)).length,
    rowsChanged: null,
  });
});

const same =
  "SELECT * FROM (VALUES (1::INTEGER, 1.0::DOUBLE, 0.1::FLOAT, '0042', DATE '2024-01-02', true, '12345678901234567890', NULL::VARCHAR), (2, 2.5, 16777216, 'ä\"b', NULL, false, '12345678901234567891', NULL)) t(i, d, f, t, day, b, long, nothing)";

it("diffData() says where a label is in neither version, and where the holdout shares no column", async () => {
  const [before, after] = [version("t.csv", "id,x\n1,1\n"), version("t.csv", "id,x\n1,2\n")];
  const holdout = [version("h.csv", "other\n1\n")];
  expect((await diffData({ before: [before], after: [after], label: "nope", holdout })).notes).toEqual([
    'Label "nope" is not in both versions; its balance is not compared',
    "The holdout has no column to compare with the newer version; shared rows cannot be told",
  ]);
});

it("diffData() reads times with an offset as the moment they name", async () => {
  const rows = "SELECT 1 AS id, TIMESTAMPTZ '2025-12-31 22:00:00+00' AS t UNION ALL SELECT 2, NULL";
  const [moments = named(version("none", ""))] = await parquet(rows);
  for (const [text, changed] of [
    ["id,t\n1,2026-01-01 00:00:00+02\n2,\n", 0],
    ["id,t\n1,2026-01-01T03:30:00+0530\n2,\n", 0],
    ["id,t\n1,2025-12-31 22:00:00+01\n2,\n", 1],
    ["id,t\n1,2026-01-01 00:00:00+02\n2,never\n", 1],
  ] as const) {
    const found = await diffData({ before: [named(version("t.csv", text))], after: [moments], key: ["id"] });
    expect(found.rowsChanged).toBe(changed);
  }
});

it("diffData() takes the same values in another encoding for the same", async () => {
  const [one, wide, other] = await parquet(
    same,
    `SELECT nothing, long, b, day::TIMESTAMP AS day, t, f::DOUBLE AS f, d::FLOAT AS d, i::DOUBLE AS i FROM (${same}) ORDER BY 1`,
    `SELECT * REPLACE ('12345678901234567892' AS long) FROM (${same})`,
  );
  if (one === undefined || wide === undefined || other === undefined) throw new Error("no files");
  const csv = named(
    version(
      "t.csv",
      'i,d,f,t,day,b,long,nothing\n2,2.50,16777216.0,"ä""b",,false,12345678901234567891,\n1,1,0.1,0042,2024-01-02,True,12345678901234567890,\n',
    ),
  );
  const nothing = { rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0, cells: [], nulls: [], categories: [] };
  for (const [before, after] of [
    [one, wide],
    [one, csv],
  ] as const) {
    const found = await diffData({ before: [before], after: [after], key: ["i"] });
    expect(found).toMatchObject({ ...nothing, columns: { added: [], removed: [], retyped: [], renamed: [] } });
    expect(await diffData({ before: [before], after: [after] })).toMatchObject({ rowsAdded: 0, rowsRemoved: 0 });
  }
  // digits that no number holds are not rounded to it
  expect((await diffData({ before: [csv], after: [other], key: ["i"] })).cells).toMatchObject([
    { column: "long", changed: 2 },
  ]);
});

it("diffData() sees one text in a column of numbers as one cell, and NaN, infinities and nothing as what they are", async () => {
  const numbers = version("t.csv", "id,x\n1,1\n2,2.5\n3,1e3\n");
  expect(
    await diffData({ before: [numbers], after: [version("t.csv", "id,x\n1,1.0\n2,N/A\n3,1000\n")], key: ["id"] }),
  ).toMatchObject({
    rowsChanged: 1,
    cells: [{ column: "x", changed: 1, examples: [{ key: "2", before: "2.5", after: "N/A" }] }],
    columns: { retyped: [{ column: "x", before: "number", after: "text" }] },
  });
  const [special, same, moved] = await parquet(
    "SELECT * FROM (VALUES (1, 'nan'::DOUBLE), (2, 'inf'), (3, NULL), (4, -0.0)) t(id, x)",
    "SELECT * FROM (VALUES (1::BIGINT, 'nan'::FLOAT), (2, 'inf'), (3, NULL), (4, 0.0)) t(id, x)",
    "SELECT * FROM (VALUES (1, NULL::DOUBLE), (2, '-inf'), (3, 'nan'), (4, 0)) t(id, x)",
  );
  if (special === undefined || same === undefined || moved === undefined) throw new Error("no files");
  expect(await diffData({ before: [special], after: [same], key: ["id"] })).toMatchObject({ rowsChanged: 0 });
  expect(await diffData({ before: [special], after: [moved], key: ["id"] })).toMatchObject({ rowsChanged: 3 });
});

it("diffData() compares whole numbers digit by digit where a double could not tell them", async () => {
  const [whole, double, close] = await parquet(
    "SELECT 1 AS id, 9007199254740993::BIGINT AS v",
    "SELECT 1 AS id, 9007199254740992::DOUBLE AS v",
    "SELECT 1 AS id, 9007199254740992::UBIGINT AS v",
  );
  if (whole === undefined || double === undefined || close === undefined) throw new Error("no files");
  const changed = async (before: typeof whole, after: typeof whole) =>
    (await diffData({ before: [before], after: [after], key: ["id"] })).rowsChanged;
  expect(await changed(whole, double)).toBe(1);
  expect(await changed(whole, close)).toBe(1);
  expect(await changed(close, double)).toBe(0);
});

it.for<[string, string, string, string[], string | RegExp]>([
  [
    "a key that occurs twice",
    "id,x\n1,a\n2,b\n",
    "id,x\n1,a\n1,c\n",
    ["id"],
    `names more than one row: '1' is in "t.csv: row 1" and "t.csv: row 2"`,
  ],
  [
    "a key that occurs twice among rows that are gone",
    "id,x\n7,a\n7,b\n",
    "id,x\n1,a\n",
    ["id"],
    "names more than one row: '7'",
  ],
  [
    "a key of one value for all",
    `id,x\n${"1,a\n".repeat(50)}`,
    `id,x\n${"1,b\n".repeat(50)}`,
    ["id"],
    "names more than one row",
  ],
  ["a key that is empty", "id,x\n1,a\n", "id,x\n,a\n2,b\n", ["id"], 'is empty in "t.csv: row 1"'],
  ["a key that one version lacks", "id,x\n1,a\n", "no,x\n1,a\n", ["id"], 'Key "id" is not in both versions'],
])("diffData() compares whole rows for %s, and says why", async ([, before, after, key, note]) => {
  const files = { before: [version("t.csv", before)], after: [version("t.csv", after)] };
  expect(await diffData({ ...files, key })).toMatchObject({
    rowsChanged: null,
    notes: [expect.stringContaining(String(note))],
  });
  expect(await diffData({ ...files, likelyKey: key[0] })).toMatchObject({ rowsChanged: null, notes: [] });
});

it("diffData() names a column of the key that nobody has, and the likely one", async () => {
  const job = { before: [version("t.csv", "id\n1\n")], after: [version("t.csv", "id\n2\n")], key: ["idd"] };
  await expect(diffData(job)).rejects.toThrow(
    'Column "idd" of the key is in neither version: there are "id"; did you mean "id"?',
  );
});

it.for([{ key: ["id"] }, {}])("diffData() finds a column that was renamed, whatever it is called (%o)", async (key) => {
  const odd = 'a "new"\nname';
  const before = version("t.csv", "id,old,flag\n1,5,x\n2,6,x\n3,7,x\n");
  const after = version("t.csv", `id,"${odd.replaceAll('"', '""')}",mark\n3,7.0,x\n1,5.0,x\n2,6.0,x\n`);
  expect(await diffData({ before: [before], after: [after], ...key })).toMatchObject({
    rowsAdded: 0,
    columns: { renamed: [{ before: "old", after: odd }] },
  });
});

it("diffData() looks for a new category in files that did not change, and reads none where nothing did", async () => {
  const gone = { path: join(folder.path, "not there.csv"), shown: "kept.csv", blob: "kept" };
  expect(await diffData({ before: [gone], after: [gone] })).toMatchObject({ rowsAdded: 0, filesChanged: 0 });
  const kept = version("kept.csv", "id,plan,y\n1,gold,0\n2,basic,1\n");
  const added = version("new.csv", "id,plan,y\n3,gold,1\n4,silver,1\n5,silver,\n");
  expect(await diffData({ before: [kept], after: [kept, added], label: "y" })).toMatchObject({
    rowsAdded: 3,
    rows: { before: 2, after: 5 },
    categories: [
      { column: "plan", new: { values: 1, rows: 2, examples: [{ value: "silver", rows: 2 }] }, missing: { values: 0 } },
    ],
    nulls: [{ column: "y", before: 0, after: 1 }],
    labels: {
      column: "y",
      values: [
        { value: "1", before: 1, after: 3 },
        { value: "0", before: 1, after: 1 },
        { value: null, before: 0, after: 1 },
      ],
    },
  });
});

it("diffData() tells columns of names that are nearly unique from categories", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${i},zip-${i % 50},${i < 15 ? "old" : "new"}\n`);
  const before = [version("z.csv", `id,zip,plan\n${rows.join("")}`)];
  const after = [version("z.csv", `id,zip,plan\n${rows.slice(15).join("")}`)];
  const { categories = [] } = await diffData({ before, after, key: ["id"] });
  expect(categories.map(({ column, missing, nearlyUnique }) => [column, missing.values, nearlyUnique])).toEqual([
    ["zip", 5, true],
    ["plan", 1, undefined],
  ]);
});

it("diffData() finds holdout rows in the training data, by id and by content, but not what chance brings", async () => {
  const rows = (from: number, to: number, line: (i: number) => string): string =>
    Array.from({ length: to - from }, (_, i) => `${line(from + i)}\n`).join("");
  const wide = (i: number): string => `${i},${(i * 37) % 1_009},${(i * 91) % 977},${i % 2}`;
  const header = "id,a,b,y\n";
  const before = [version("t.csv", header)];
  const find = async (training: string, held: string, more: Partial<DiffJob> = {}) =>
    (
      await diffData({
        before,
        after: [version("t.csv", header + training)],
        holdout: [version("h.csv", header + held)],
        id: "id",
        label: "y",
        ...more,
      })
    ).leakage;
  const training = rows(0, 500, wide);
  expect(await find(training, rows(500, 600, wide))).toMatchObject({
    holdoutRows: 100,
    byId: 0,
    byContent: 0,
    leaks: false,
  });
  expect(await find(training, rows(490, 600, wide))).toMatchObject({ byId: 10, byContent: 10, leaks: true });
  // the same rows under ids and with labels of their own
  expect(
    await find(
      training,
      rows(490, 600, (i) => wide(i).replace(/^\d+/, `x${i}`).replace(/\d$/, "1")),
    ),
  ).toMatchObject({ byId: 0, byContent: 10, leaks: true });
  const narrow = (i: number): string => `${i},${i % 3},${i % 2},0`;
  expect(await find(rows(0, 500, narrow), rows(500, 600, narrow))).toMatchObject({
    byId: 0,
    byContent: 100,
    byChance: 100,
    leaks: false,
  });
  // a panel: its ids come again in the training data itself
  expect(
    await find(
      training + rows(0, 500, (i) => `${i},x${i},y,0`),
      rows(490, 600, (i) => `${i},z${i},z,0`),
    ),
  ).toMatchObject({ byId: null, byContent: 0, leaks: false });
  // what the holdout takes out of training is no leak
  const file = version("t.csv", header + training);
  expect((await diffData({ before: [], after: [file], holdout: [file], id: "id" })).leakage).toBeUndefined();
});
