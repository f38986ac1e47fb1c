import { DataError } from "#data/data-error.ts";
import type { Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { fileColumn, rowColumn } from "#data/table/read-table.ts";
import { countIf } from "./row-sql.ts";
import type { Look } from "./look.ts";

/**
 * What the scan found for one look: values of its aggregates, in order, or why there are none. `quick`: by the aggregate
 * that is cheaper.
 */
export type Measured =
  | { kind: "values"; values: readonly unknown[]; quick: boolean }
  | { kind: "error"; error: unknown };

/** Rows as expressions of people see them: without the columns that number them. */
export const plainRows = `(SELECT * EXCLUDE (${quoteName(fileColumn)}, ${quoteName(rowColumn)}) FROM data) AS rows`;

const mostTimeouts = 3;

/**
 * Measures all looks in one scan of the data. Where that fails, those with SQL of the team are measured one by one, so
 * that a mistake in one is nobody else's.
 */
export async function measureLooks(db: Database, looks: readonly Look[]): Promise<ReadonlyMap<Look, Measured>> {
  const measured = new Map<Look, Measured>();
  const fail = (some: readonly Look[], error: unknown): void => {
    for (const look of some) measured.set(look, { kind: "error", error });
  };
  const together = looks.filter((look) => !isApart(look));
  const first = await scan(db, together, measured);
  const own = together.filter(({ foreign }) => !foreign);
  const alone = looks.filter((look) => isApart(look) || (first !== undefined && look.foreign));
  if (first !== undefined && own.length > 0) {
    // without the team's SQL one scan may do; if it is not that, it is the data
    const second = own.length === together.length ? first : await scan(db, own, measured);
    if (second !== undefined) await scanEach(db, own, second, measured, fail);
  }
  await scanAgain(db, looks, measured, fail);
  let timeouts = 0;
  for (const [index, look] of alone.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one at a time: each may take as long as it is allowed to
    const error = await scan(db, [look], measured);
    if (error === undefined) continue;
    fail([look], error);
    if (error instanceof DataError && error.code === "timed-out" && ++timeouts === mostTimeouts) {
      fail(alone.slice(index + 1), new DataError("timed-out", "It was not checked, as others took too long"));
      break;
    }
  }
  return measured;
}

/** What the cheaper aggregates did not decide is measured by the others, in one more scan. */
async function scanAgain(
  db: Database,
  looks: readonly Look[],
  measured: Map<Look, Measured>,
  fail: (some: readonly Look[], error: unknown) => void,
): Promise<void> {
  const open = looks.filter((look) => {
    const found = measured.get(look);
    return found?.kind === "values" && found.quick && found.values[1] === null && Number(found.values[0]) > 0;
  });
  if (open.length === 0) return;
  const error = await scan(db, open, measured, true);
  if (error !== undefined) fail(open, error);
}

async function scanEach(
  db: Database,
  looks: readonly Look[],
  reason: unknown,
  measured: Map<Look, Measured>,
  fail: (some: readonly Look[], error: unknown) => void,
): Promise<void> {
  // what is slow together is slow alone
  if (reason instanceof DataError && reason.code === "timed-out") fail(looks, reason);
  else
    for (const look of looks) {
      // oxlint-disable-next-line no-await-in-loop -- each tells whether the column that it reads is the broken one
      const error = await scan(db, [look], measured);
      if (error !== undefined) fail([look], error);
    }
}

/** Notes what one SELECT finds for these looks, or answers why it could not be run. */
async function scan(
  db: Database,
  looks: readonly Look[],
  measured: Map<Look, Measured>,
  exact = false,
): Promise<unknown> {
  const asked = new Map<string, string>();
  for (const sql of looks.flatMap((look) => aggregatesOf(look, exact)))
    if (!asked.has(sql)) asked.set(sql, `trainyard ${asked.size}`);
  const list = [...asked].map(([sql, name]) => `${sql} AS ${quoteName(name)}`);
  const only = looks.length === 1 ? looks[0] : undefined;
  const where = only !== undefined && isApart(only) ? ` WHERE ${only.where}` : "";
  try {
    const found =
      list.length === 0
        ? new Map<string, unknown[]>()
        : await db.query(`SELECT ${list.join(", ")} FROM ${plainRows}${where}`);
    for (const look of looks) {
      const values = aggregatesOf(look, exact).map((sql) => found.get(asked.get(sql) ?? "")?.[0]);
      measured.set(look, { kind: "values", values, quick: !exact && hasQuick(look) });
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

/** An aggregate of the team's cannot be told which rows it speaks of but by a scan of its own. */
function isApart(look: Look): boolean {
  return look.form === "total" && look.expectation.kind === "sql" && look.where !== undefined;
}

function hasQuick(look: Look): boolean {
  return look.form === "total" && look.quick !== undefined && look.where === undefined;
}

function aggregatesOf(look: Look, exact: boolean): readonly string[] {
  const where = look.where === undefined || isApart(look) ? "" : ` FILTER (WHERE ${look.where})`;
  const of = `count(${look.counted ?? "*"})${where}::DOUBLE`;
  switch (look.form) {
    case "rows": {
      if (look.count !== undefined && look.where === undefined) return [of, `${look.count}::DOUBLE`];
      const failing = look.where === undefined ? look.failing : `${look.where} AND (${look.failing})`;
      return [of, `${countIf(failing)}::DOUBLE`];
    }
    case "total":
      if (!exact && look.quick !== undefined && look.where === undefined) return [of, look.quick];
      return [of, where === "" ? look.aggregate : filterAggregate(look.aggregate, where)];
    case "repeats":
    case "order":
    case "strangers":
      return [of];
    case "columns":
      return [];
  }
}

/** Aggregates of ours end in a cast: the filter stands before it. */
function filterAggregate(aggregate: string, where: string): string {
  return `${aggregate.replace(/::DOUBLE$/, "")}${where}::DOUBLE`;
}
