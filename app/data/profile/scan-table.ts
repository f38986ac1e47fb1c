import type { DuckDBDataChunk } from "@duckdb/node-api";
import { DistinctSketch } from "#core/profile/distinct-sketch.ts";
import { LevelCounts } from "#core/profile/level-counts.ts";
import { NumberBins } from "#core/profile/number-bins.ts";
import { NumberCounter } from "#core/profile/number-counter.ts";
import type { ColumnSummary, TableProfile } from "#core/profile/table-profile.ts";
import type { Database } from "#data/open-duckdb.ts";
import type { ColumnType } from "#data/table/read-table.ts";
import { columnKind, scales, type ColumnKind } from "./column-kind.ts";

export type ScanOptions = {
  /** columns that name things although they look like numbers */
  names: ReadonlySet<string>;
  /** bins of a column of numbers */
  most: number;
  /** columns of numbers with few different ones */
  narrow: ReadonlySet<string>;
  /** rows read so far */
  onRows?: (rows: number) => void;
};

/** Profiles what `from` (SQL behind FROM) reads: once over all columns of numbers together, and once for each of names. */
export async function scanTable(
  db: Database,
  from: string,
  columns: readonly ColumnType[],
  options: ScanOptions,
): Promise<TableProfile> {
  const plans = columns.map(({ name, type }) => ({ name, plan: columnKind(name, type, options.names.has(name)) }));
  const numbers = plans.flatMap(({ name, plan }) => (plan.kind === "numbers" ? [{ name, plan }] : []));
  const isNarrow = ({ name, plan }: Planned<"numbers">): boolean =>
    plan.type === "integer" && plan.unit === "as-is" && options.narrow.has(name);
  const wide = numbers.filter((column) => !isNarrow(column));
  const [rows, summaries] = await scanNumbers(db, from, wide, options);
  for (const column of numbers.filter(isNarrow)) {
    // oxlint-disable-next-line no-await-in-loop -- one query uses all threads
    summaries.set(column.name, await groupNumbers(db, from, column, options));
  }
  for (const { name, plan } of plans) {
    // oxlint-disable-next-line no-await-in-loop -- one query uses all threads
    if (plan.kind === "levels") summaries.set(name, await scanLevels(db, from, name, plan));
  }
  const nested = plans.flatMap(({ name, plan }) => (plan.kind === "nested" ? [{ name, plan }] : []));
  for (const summary of await countNested(db, from, nested, rows)) summaries.set(summary.name, summary);
  return { rows, columns: plans.flatMap(({ name }) => summaries.get(name) ?? []) };
}

type Planned<Kind extends ColumnKind["kind"]> = { name: string; plan: Extract<ColumnKind, { kind: Kind }> };

async function scanNumbers(
  db: Database,
  from: string,
  columns: readonly Planned<"numbers">[],
  { most, onRows }: ScanOptions,
): Promise<[rows: number, Map<string, ColumnSummary>]> {
  if (columns.length === 0) {
    const counted = await db.query(`SELECT count(*)::DOUBLE AS n FROM ${from}`);
    return [Number(counted.get("n")?.[0]), new Map()];
  }
  // with the engine, not before it
  const { checkStorage, loadVector } = await import("./load-vector.ts");
  const scanned = columns.map(({ name, plan }) => ({ name, plan, counter: new NumberCounter(most), values: 0 }));
  let rows = 0;
  const take = (chunk: DuckDBDataChunk): void => {
    const length = chunk.rowCount;
    if (rows === 0) scanned.forEach(({ plan }, index) => checkStorage(chunk, index, plan.storage));
    for (let index = 0; index < scanned.length; index++) {
      const column = scanned[index];
      if (column === undefined) continue;
      const values = loadVector(chunk, index, length, column.plan.storage, scales[column.plan.unit]);
      column.values += values;
      column.counter.takeBlock(values);
    }
    rows += length;
    onRows?.(rows);
  };
  const counted = await db.scan(
    columns.map(({ plan }) => plan.sql),
    from,
    take,
  );
  if (counted !== rows) throw new Error(`Cannot profile: ${rows} of ${counted} rows were handed over`);
  const summaries = scanned.map(({ name, plan, counter, values }): [string, ColumnSummary] => {
    const nulls = rows - values;
    return [
      name,
      values === 0 ? { name, nulls, type: "empty" } : { name, nulls, type: plan.type, numbers: counter.summary() },
    ];
  });
  return [rows, new Map(summaries)];
}

/** As `scanNumbers` of one column, by grouping. */
async function groupNumbers(
  db: Database,
  from: string,
  { name, plan }: Planned<"numbers">,
  { most }: ScanOptions,
): Promise<ColumnSummary> {
  const grouped = `SELECT ${plan.sql} AS v, count(*)::DOUBLE AS n FROM ${from} GROUP BY 1`;
  const found = await db.query(`SELECT v::DOUBLE AS v, n FROM (${grouped})`);
  const [bins, distinct] = [new NumberBins(most), new DistinctSketch()];
  const counts = found.get("n") ?? [];
  let [nulls, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [index, value] of (found.get("v") ?? []).entries()) {
    const count = Number(counts[index]);
    if (typeof value !== "number") {
      nulls += count;
      continue;
    }
    bins.add(value, count);
    distinct.add(value);
    [min, max] = [Math.min(min, value), Math.max(max, value)];
  }
  if (min > max) return { name, nulls, type: "empty" };
  const numbers = { nans: 0, negativeInfinite: 0, positiveInfinite: 0, min, max, bins, distinct };
  return { name, nulls, type: plan.type, numbers };
}

async function scanLevels(
  db: Database,
  from: string,
  name: string,
  { sql, type }: Planned<"levels">["plan"],
): Promise<ColumnSummary> {
  // long texts are cut in here, as `shortenLevel` does, so that documents need not come over
  const short = `CASE WHEN strlen(v) > 200 AND length(v) > 200 THEN left(v, 200) || '…' || left(md5(v), 12) ELSE v END`;
  const levels = new LevelCounts();
  let nulls = 0;
  const grouped = `SELECT ${sql} AS v, count(*)::DOUBLE AS n FROM ${from} GROUP BY 1`;
  await db.stream(`SELECT ${type === "text" ? short : "v::VARCHAR"} AS v, n FROM (${grouped})`, (chunk) => {
    const names = chunk.getColumnVector(0);
    const counts = chunk.getColumnVector(1);
    for (let row = 0; row < chunk.rowCount; row++) {
      const level = names.getItem(row);
      const count = Number(counts.getItem(row));
      if (typeof level === "string") levels.addShort(level, count);
      else nulls += count;
    }
  });
  return levels.levels.size === 0 ? { name, nulls, type: "empty" } : { name, nulls, type, levels };
}

async function countNested(
  db: Database,
  from: string,
  columns: readonly Planned<"nested">[],
  rows: number,
): Promise<ColumnSummary[]> {
  if (columns.length === 0) return [];
  const counts = columns.map(({ plan }, index) => `count(${plan.sql})::DOUBLE AS "${index}"`);
  const counted = await db.query(`SELECT ${counts.join(", ")} FROM ${from}`);
  return columns.map(({ name }, index) => {
    const values = Number(counted.get(String(index))?.[0]);
    return { name, nulls: rows - values, type: values === 0 ? "empty" : "nested" };
  });
}
