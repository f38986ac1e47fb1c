import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diffData } from "#data/diff/diff-data.ts";
import { openDuckDb } from "#data/open-duckdb.ts";
import { quoteName, quoteText } from "#data/sql-text.ts";
import { say } from "../figure.ts";
import type { DataStep } from "./step.ts";

const timeoutMs = 600_000;
const yardstick = "one full join of both versions, every column counted";

/**
 * Two versions of a table of 20 columns, of which 1 % of the rows came, went, or changed in each of two columns, and whose
 * rows are shuffled.
 */
export function benchDiff(): readonly DataStep[] {
  return [
    {
      name: yardstick,
      prepare: async ({ rows }) => await makeVersions(rows),
      run: async ({ rows }) => await joinAll(rows),
    },
    {
      name: "diff by key, with samples of the changes",
      yardstick,
      most: { ratio: 2 },
      run: async ({ rows }) => await diff(rows, ["id"]),
    },
    { name: "diff without a key", yardstick, run: async ({ rows }) => await diff(rows, []) },
  ];
}

async function joinAll(rows: number): Promise<Readonly<Record<string, number>>> {
  const [before, after] = await makeVersions(rows);
  const db = await openDuckDb({ reads: [before, after], timeoutMs });
  const described = await db.query(
    `SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(${quoteText(before)}))`,
  );
  const columns = (described.get("column_name") ?? []).map((name) => quoteName(String(name)));
  const counts = columns.flatMap((column) => [`count(l.${column})`, `count(r.${column})`]);
  const found = await db.query(
    `SELECT count(*)::DOUBLE AS n, ${counts.join(", ")} FROM read_parquet(${quoteText(before)}) l FULL JOIN read_parquet(${quoteText(after)}) r ON l.id = r.id`,
  );
  await db.close();
  return { pairs: Number(found.get("n")?.[0]) };
}

async function diff(rows: number, key: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const [before, after] = await makeVersions(rows);
  const file = (path: string, side: string) => ({ path, shown: `${side}.parquet`, name: "t", blob: side });
  const found = await diffData({
    before: [file(before, "before")],
    after: [file(after, "after")],
    key,
    label: "plan",
    timeoutMs,
  });
  return {
    added: found.rowsAdded ?? 0,
    removed: found.rowsRemoved ?? 0,
    changed: found.rowsChanged ?? 0,
    examples: found.cells?.reduce((sum, cell) => sum + cell.examples.length, 0) ?? 0,
  };
}

/** Makes the two files, or finds them where an earlier run left them. */
async function makeVersions(rows: number): Promise<readonly [string, string]> {
  const folder = join(tmpdir(), "trainyard-bench-diff-1");
  await mkdir(folder, { recursive: true });
  const [before, after] = [join(folder, `before-${rows}.parquet`), join(folder, `after-${rows}.parquet`)];
  if (existsSync(after)) return [before, after];
  say(`makes ${folder}`);
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", temp_directory: join(folder, "spill") });
  const connection = await instance.connect();
  const share = (column: number): string => `((hash(i, ${column}) >> 11)::DOUBLE / 9007199254740992)`;
  const columns = [
    "i AS id",
    ...Array.from({ length: 9 }, (_, n) => `${share(n)} * ${10 ** (n % 4)} AS d${n}`),
    ...[2, 10, 100, 10_000, 1_000_000].map((levels, n) => `floor(${share(20 + n)} * ${levels})::INTEGER AS n${n}`),
    "TIMESTAMP '2025-01-01' + to_seconds((i * 37)::BIGINT) AS seen_at",
    ...["plan", "country", "shop", "product"].map((name, n) => {
      const level = `'${name}-' || floor(pow(${share(30 + n)}, 2) * ${[4, 30, 1_000, 20_000][n]})::INTEGER`;
      return n === 1 ? `CASE WHEN ${share(40)} < 0.02 THEN NULL ELSE ${level} END AS ${name}` : `${level} AS ${name}`;
    }),
  ];
  const some = (column: number): string => `hash(id, ${column}) % 100 = 0`;
  await connection.run(
    `COPY (SELECT ${columns.join(", ")} FROM range(${rows}) t(i)) TO '${before}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  await connection.run(
    `COPY (SELECT * REPLACE (CASE WHEN ${some(50)} THEN d3 + 1 ELSE d3 END AS d3, CASE WHEN ${some(51)} THEN 'country-new' ELSE country END AS country) ` +
      `FROM (SELECT * FROM '${before}' WHERE NOT ${some(52)} UNION ALL SELECT * REPLACE (id + ${rows} AS id) FROM '${before}' WHERE ${some(53)}) ORDER BY hash(id)) ` +
      `TO '${after}.part' (FORMAT parquet, COMPRESSION zstd)`,
  );
  connection.closeSync();
  instance.closeSync();
  await rename(`${after}.part`, after);
  return [before, after];
}
