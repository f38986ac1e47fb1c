import { missingValue, type ColumnProfile, type NumericSide } from "#core/drift/column-profile.ts";
import { DataError } from "./data-error.ts";
import type { DataFile } from "./data-file.ts";
import { openDuckDb, type Database } from "./open-duckdb.ts";
import { readTable, type Table } from "#data/table/read-table.ts";
import { quoteName } from "./sql-text.ts";

export type ProfileJob = {
  reference: readonly DataFile[];
  current: readonly DataFile[];
  /** columns to watch; undefined = all but `skip`, times and those with a value of its own in nearly every row */
  columns: readonly string[] | undefined;
  skip: readonly string[];
  /** columns that name things although they look like numbers, such as the item of a ranking */
  categorical: readonly string[];
};

export type Profiles = {
  reference: { files: string[]; rows: number };
  current: { files: string[]; rows: number };
  columns: ColumnProfile[];
};

/** Whole numbers with at most this many different values are categories: flags, ratings, counts of children. */
const fewValues = 20;
/** A text column with more different values than this is told apart by its most frequent ones only. */
const levelsRead = 50_000;

/** Reads both sides and profiles each watched column for `judgeDrift`. Throws a DataError. */
export async function profileColumns(job: ProfileJob): Promise<Profiles> {
  const files = [...job.reference, ...job.current];
  const db = await openDuckDb({ reads: [...new Set(files.map(({ path }) => path))] });
  try {
    const none = (side: string): DataError =>
      new DataError("unreadable", `The ${side} data is empty: no file was found`);
    if (job.reference.length === 0) throw none("reference");
    if (job.current.length === 0) throw none("current");
    const reference = await readTable(db, job.reference, "reference", { typed: job.columns ?? "all" });
    const current = await readTable(db, job.current, "current", { typed: job.columns ?? "all" });
    const columns: ColumnProfile[] = [];
    for (const column of chooseColumns(job, reference, current)) {
      const profile = await profileColumn(db, column, job, reference, current);
      if (profile !== undefined) columns.push(profile);
    }
    const side = (table: Table): Profiles["reference"] => ({
      files: table.files.map(({ shown }) => shown),
      rows: table.rows,
    });
    return { reference: side(reference), current: side(current), columns };
  } finally {
    await db.close();
  }
}

function chooseColumns(job: ProfileJob, reference: Table, current: Table): readonly string[] {
  const [before, now] = [reference, current].map(({ columns }) => new Set(columns.map(({ name }) => name)));
  const wanted = job.columns ?? [...(before ?? [])].filter((name) => !job.skip.includes(name));
  for (const [side, names] of [["reference", before] as const, ["current", now] as const]) {
    const missing = wanted.filter((name) => names?.has(name) !== true);
    if (missing.length > 0) {
      const list = missing
        .map((name) => `"${name.slice(0, 60)}"`)
        .slice(0, 5)
        .join(", ");
      throw new DataError("missing-column", `The ${side} data lacks ${missing.length} watched columns: ${list}`);
    }
  }
  return wanted;
}

async function profileColumn(
  db: Database,
  column: string,
  job: ProfileJob,
  reference: Table,
  current: Table,
): Promise<ColumnProfile | undefined> {
  const types = [reference, current].map(
    ({ columns }) => columns.find(({ name }) => name === column)?.type ?? "VARCHAR",
  );
  const named = job.columns?.includes(column) === true;
  const distinct = await countDistinct(db, column);
  // ids and clocks differ by design: they are only watched where someone asks for it
  const moving =
    types.some((type) => /DATE|TIME/.test(type)) ||
    (distinct.values > 0.99 * distinct.rows && types.every((type) => !/DOUBLE|FLOAT|DECIMAL/.test(type)));
  if (moving && !named) return undefined;
  const numeric = types.every((type) => /INT|DOUBLE|FLOAT|DECIMAL/.test(type));
  const whole = types.every((type) => /INT/.test(type));
  if (!numeric || job.categorical.includes(column) || (whole && distinct.values <= fewValues)) {
    const [before, now] = [await readMix(db, "reference", column), await readMix(db, "current", column)];
    return { kind: "categorical", column, reference: before, current: now };
  }
  return {
    kind: "numeric",
    column,
    reference: await readNumbers(db, "reference", column),
    current: await readNumbers(db, "current", column),
  };
}

async function countDistinct(db: Database, column: string): Promise<{ values: number; rows: number }> {
  const name = quoteName(column);
  const found = await db.query(
    `SELECT count(DISTINCT v)::DOUBLE AS n, count(v)::DOUBLE AS m FROM (SELECT ${name}::VARCHAR AS v FROM reference UNION ALL SELECT ${name}::VARCHAR FROM current)`,
  );
  return { values: Number(found.get("n")?.[0]), rows: Number(found.get("m")?.[0]) };
}

async function readMix(db: Database, table: string, column: string): Promise<ReadonlyMap<string, number>> {
  const name = quoteName(column);
  const found = await db.query(
    `SELECT ${name}::VARCHAR AS value, count(*)::DOUBLE AS n FROM ${table} GROUP BY 1 ORDER BY n DESC, value LIMIT ${levelsRead}`,
  );
  const counts = found.get("n") ?? [];
  return new Map(
    (found.get("value") ?? []).map((value, index) => [
      typeof value === "string" ? value : missingValue,
      Number(counts[index]),
    ]),
  );
}

async function readNumbers(db: Database, table: string, column: string): Promise<NumericSide> {
  const name = `${quoteName(column)}::DOUBLE`;
  const found = await db.query(`SELECT ${name} AS value FROM ${table} WHERE isfinite(${name})`);
  const values = Float64Array.from(found.get("value") ?? [], Number);
  const all = await db.query(`SELECT count(*)::DOUBLE AS n FROM ${table}`);
  return { values, missing: Number(all.get("n")?.[0]) - values.length };
}
