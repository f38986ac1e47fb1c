import type { ValueType } from "#core/config/config.ts";
import { fewestForKeys, isKey, type ColumnFacts, type TableFacts } from "#core/expect/draft-expectations.ts";
import { DataError } from "#data/data-error.ts";
import type { DataFile } from "#data/data-file.ts";
import { openDuckDb, texts, type Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { guarded } from "#data/table/open-source.ts";
import { fileColumn, readTable, type ColumnType, type Table } from "#data/table/read-table.ts";
import { countIf, failingSql, isContinuous, isNumeric, isWhole } from "./row-sql.ts";

const fewLevels = 20;
const triedPairs = 15;

/** Reads what a table of trusted data is like. Throws a DataError. */
export async function readFacts(files: readonly DataFile[]): Promise<TableFacts> {
  const db = await openDuckDb({ reads: files.map(({ path }) => path) });
  try {
    const table = await readTable(db, files, "data", { typed: "all", inPlace: true });
    if (table.rows === 0) throw new DataError("bad-value", "There is nothing to draft from: the data holds no rows");
    const columns: ColumnFacts[] = [];
    // oxlint-disable-next-line no-await-in-loop -- one connection
    for (const column of table.columns) columns.push(await guarded(files, async () => await readColumn(db, column)));
    const fewestRows = Math.min(...table.rowsOfFile.filter((rows) => rows > 0));
    return { rows: table.rows, files: files.length, fewestRows, columns, key: await findKey(db, table, columns) };
  } finally {
    await db.close();
  }
}

async function readColumn(db: Database, { name, type }: ColumnType): Promise<ColumnFacts> {
  const column = quoteName(name);
  const is = typeOf(type);
  const present = isContinuous(type) ? `${column} IS NOT NULL AND NOT isnan(${column})` : `${column} IS NOT NULL`;
  const time = is === "date" || is === "timestamp";
  const asTime = type.startsWith("TIMESTAMP WITH") ? column : `${column}::TIMESTAMP`;
  const ranges = isNumeric(type)
    ? [`min(${column})`, `quantile_disc(${column}, 0.01)`, `quantile_disc(${column}, 0.99)`, `max(${column})`]
    : [];
  const lengths = is === "text" ? [`min(length(${column}))`, `max(length(${column}))`] : [];
  const list = [
    "count(*)",
    `count(DISTINCT ${column})`,
    time ? `epoch_ms(max(${asTime}))` : "NULL",
    ...ranges,
    ...lengths,
  ].map((sql, index) => `${sql}::DOUBLE AS "${index}"`);
  const found = await db.query(`SELECT ${list.join(", ")} FROM data WHERE ${present}`);
  const read = (index: number): number | undefined => {
    const value = found.get(String(index))?.[0];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  };
  const [low, nearLow, nearHigh, high] = [3, 4, 5, 6].map(read);
  const isRange = ranges.length > 0 && low !== undefined && high !== undefined;
  const [values, distinct] = [read(0) ?? 0, read(1) ?? 0];
  const few = values > 0 && distinct <= fewLevels && (is === "text" || is === "integer");
  return {
    name,
    type: is,
    values,
    leastFull: await readLeastFull(db, { name, type }),
    distinct,
    range: isRange ? { low, high, nearLow: nearLow ?? low, nearHigh: nearHigh ?? high } : undefined,
    lengths: lengths.length > 0 && low !== undefined && nearLow !== undefined ? { low, high: nearLow } : undefined,
    levels: few ? await readLevels(db, column, isWhole(type)) : undefined,
    newestMs: read(2),
  };
}

/** Empty is what `not-null` calls so. */
async function readLeastFull(db: Database, column: ColumnType): Promise<number> {
  const empty = countIf(failingSql({ kind: "not-null", column: column.name }, column, false));
  const found = await db.query(
    `SELECT min(share)::DOUBLE AS share FROM (SELECT 1 - ${empty} / count(*) AS share FROM data GROUP BY ${quoteName(fileColumn)})`,
  );
  return Number(found.get("share")?.[0]);
}

async function readLevels(db: Database, column: string, numeric: boolean): Promise<ColumnFacts["levels"]> {
  const found = await db.query(
    `SELECT ${column}::VARCHAR AS value, count(*)::DOUBLE AS n FROM data WHERE ${column} IS NOT NULL GROUP BY ${column} ORDER BY ${column}`,
  );
  const counts = found.get("n") ?? [];
  return texts(found.get("value")).map((value, index) => ({
    value: numeric ? Number(value) : value,
    count: Number(counts[index]),
  }));
}

/** Two columns that tell all rows apart, where none does alone. */
async function findKey(
  db: Database,
  table: Table,
  columns: readonly ColumnFacts[],
): Promise<readonly string[] | undefined> {
  if (columns.some((column) => isKey(column, table.rows)) || table.rows < fewestForKeys) return undefined;
  const able = columns.filter(({ type, values }) => type !== undefined && type !== "number" && values === table.rows);
  const pairs = able
    .flatMap((a, index) => able.slice(index + 1).map((b) => [a, b] as const))
    .filter(([a, b]) => a.distinct * b.distinct >= table.rows)
    // the fewer pairs of values there could be, the less it is by chance
    .sort((x, y) => x[0].distinct * x[1].distinct - y[0].distinct * y[1].distinct);
  for (const [a, b] of pairs.slice(0, triedPairs)) {
    const names = [a.name, b.name].map(quoteName).join(", ");
    // oxlint-disable-next-line no-await-in-loop -- the first that is one is enough
    const found = await db.query(`SELECT count(*)::DOUBLE AS n FROM (SELECT DISTINCT ${names} FROM data)`);
    if (Number(found.get("n")?.[0]) === table.rows) return [a.name, b.name];
  }
  return undefined;
}

function typeOf(type: string): ValueType | undefined {
  if (isWhole(type)) return "integer";
  if (isNumeric(type)) return "number";
  if (type === "BOOLEAN") return "boolean";
  if (type === "DATE") return "date";
  if (type.startsWith("TIMESTAMP")) return "timestamp";
  return type === "VARCHAR" ? "text" : undefined;
}
