import type { MetricDefinition } from "#core/config/config.ts";
import type { SideName } from "#core/evaluation/answers.ts";
import type { OwnValues } from "#core/evaluation/own-metric.ts";
import { groupUnits, sumByGroup } from "#core/statistics/intervals/ratio.ts";
import { formatCount } from "#core/message/format.ts";
import { checkExpression } from "#data/check-expression.ts";
import { DataError } from "#data/data-error.ts";
import type { Database } from "#data/open-duckdb.ts";
import { answersTable } from "./read-answers.ts";
import type { Table } from "#data/table/read-table.ts";
import { quoteName } from "#data/sql-text.ts";

/** Which query each row belongs to, where rows are grouped: the unit is the group. */
export type Groups = { ofRow: Uint32Array; count: number };

/**
 * The team's own metrics (SQL of the config, attacker-controlled) for one side, unit by unit, in the order of the rows
 * that count. `source` is the SQL of those rows with columns `label` and `score`. Throws a DataError.
 */
export async function readOwnMetrics(
  db: Database,
  metrics: readonly MetricDefinition[],
  side: SideName,
  source: string,
  groups: Groups | undefined,
): Promise<ReadonlyMap<string, OwnValues>> {
  const own = new Map<string, OwnValues>();
  for (const { name, definition } of metrics) {
    const evaluate = (sql: string): Promise<Float64Array> => evaluateRows(db, sql, source, name, side);
    if (definition.kind === "mean") own.set(name, groupMean(await evaluate(definition.sql), groups));
    if (definition.kind === "ratio") {
      const [over, under] = [await evaluate(summand(definition.over)), await evaluate(summand(definition.under))];
      const sum = (values: Float64Array): Float64Array =>
        groups === undefined ? values : sumByGroup(values, groups.ofRow, groups.count);
      own.set(name, { kind: "ratio", over: sum(over), under: sum(under) });
    }
  }
  return own;
}

function groupMean(values: Float64Array, groups: Groups | undefined): OwnValues {
  if (groups === undefined) return { kind: "mean", values };
  return { kind: "ratio", ...groupUnits(values, groups.ofRow, groups.count) };
}

/** `sum(x)` is what people write in a ratio of sums: `x` is the row's share of it, and `count(*)` is one a row. */
function summand(sql: string): string {
  if (/^\s*count\s*\(\s*\*?\s*\)\s*$/i.test(sql)) return "1";
  return /^\s*sum\s*\(([\s\S]*)\)\s*$/i.exec(sql)?.[1] ?? sql;
}

async function evaluateRows(
  db: Database,
  sql: string,
  source: string,
  metric: string,
  side: SideName,
): Promise<Float64Array> {
  const place = `metric "${metric}"`;
  await checkExpression(db, sql, "row", place);
  const found = await db
    .query(`SELECT CAST((\n${sql}\n) AS DOUBLE) AS value FROM (${source}) AS rows ORDER BY "trainyard at"`)
    .catch((error: unknown) => {
      if (error instanceof DataError) throw error;
      const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
      throw new DataError("bad-sql", `Cannot use the SQL "${sql.slice(0, 200)}" of ${place}: ${reason.slice(0, 300)}`, {
        cause: error,
      });
    });
  const values = Float64Array.from(found.get("value") ?? [], (value) => (typeof value === "number" ? value : NaN));
  const asked = await db.query("SELECT count(*)::DOUBLE AS n FROM asked");
  if (values.length !== Number(asked.get("n")?.[0])) {
    throw new DataError(
      "bad-sql",
      `Cannot use the SQL "${sql.slice(0, 200)}" of ${place}: it must have one value for each row`,
    );
  }
  const none = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (none > 0) {
    throw new DataError(
      "bad-value",
      `Metric "${metric}" of the ${side} has no number in ${formatCount(none)} of ${formatCount(values.length)} rows: use coalesce() where a column may be empty`,
    );
  }
  return values;
}

/**
 * SQL of the rows that count (the view `asked`), with `label` and the side's `score` beside them; columns of the holdout
 * of that name give way.
 */
export function scoredRows(side: SideName, table: Table, label: string, byItem: boolean): string {
  const answers = quoteName(answersTable(side));
  const item = byItem ? ` AND answers.item = asked."trainyard label"` : "";
  const own = table.columns
    .filter(({ name }) => !/^(?:label|score)$/i.test(name))
    .map(({ name }) => `asked.${quoteName(name)}`);
  const columns = [...own, 'asked."trainyard at"', `${label} AS label`, "answers.score AS score"];
  return `SELECT ${columns.join(", ")} FROM asked LEFT JOIN ${answers} AS answers ON answers.id = asked."trainyard id"${item}`;
}
