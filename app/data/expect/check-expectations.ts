import type { Expectation } from "#core/config/config.ts";
import type { ExpectationOutcome } from "#core/evidence.ts";
import {
  failToCheck,
  judgeAggregate,
  judgeColumns,
  judgeFreshness,
  judgeRows,
  judgeTotal,
} from "#core/expect/judge-expectation.ts";
import { DataError } from "#data/data-error.ts";
import type { DataFile } from "#data/data-file.ts";
import { openDuckDb, type Database } from "#data/open-duckdb.ts";
import { readTable, type Table } from "#data/table/read-table.ts";
import { findOrdered } from "./find-ordered.ts";
import { fetchFailing, placeRows, type Failing } from "./failing-rows.ts";
import { planLook, type Look } from "./look.ts";
import { measureLooks, type Measured } from "./measure.ts";
import { openReferences } from "./open-references.ts";
import { mayBreak } from "./rows-apart.ts";

export type CheckOptions = {
  /** files that expectations refer to, by the paths they have there; they are not among the rows that are checked */
  references?: ReadonlyMap<string, DataFile>;
  /** milliseconds since 1970 that freshness is measured from; default: now */
  nowMs?: number;
  /** how long one query on the data may take */
  timeoutMs?: number;
};

/**
 * Checks every expectation against all rows of the files, which are one table, in one scan of it. A file that cannot be
 * read, a column that is not there or SQL that does not run is an `error` of each expectation it concerns; rows that
 * fail are counted, and the first shown.
 */
export async function checkExpectations(
  expectations: readonly Expectation[],
  files: readonly DataFile[],
  options: CheckOptions = {},
): Promise<ExpectationOutcome[]> {
  if (expectations.length === 0) return [];
  const all = (because: string): ExpectationOutcome[] =>
    expectations.map((expectation) => failToCheck(expectation, because));
  if (files.length === 0) return all("There is no data file to check: no file matches the model's data inputs");
  const references = options.references ?? new Map<string, DataFile>();
  const others = files.filter(({ shown }) => !references.has(shown));
  const checked = others.length === 0 ? files : others;
  let db: Database | undefined;
  try {
    db = await openDuckDb({
      reads: [...new Set([...files, ...references.values()].map(({ path }) => path))],
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    });
    const table = await readTable(db, checked, "data", { typed: "all", inPlace: true });
    const outcomes = await checkTable(db, table, expectations, references, options.nowMs ?? Date.now());
    return db.isStuck() ? await checkOwn(expectations, outcomes, files, options) : outcomes;
  } catch (error) {
    return all(sayError(error));
  } finally {
    await db?.close();
  }
}

/** Where SQL of the team does not even stop, all else is checked without it. */
async function checkOwn(
  expectations: readonly Expectation[],
  outcomes: readonly ExpectationOutcome[],
  files: readonly DataFile[],
  options: CheckOptions,
): Promise<ExpectationOutcome[]> {
  const own = expectations.filter(({ kind, where }) => kind !== "sql" && where === undefined);
  if (own.length === expectations.length) return [...outcomes];
  const checked = await checkExpectations(own, files, options);
  return expectations.map(
    (expectation, index) =>
      checked[own.indexOf(expectation)] ??
      failToCheck(
        expectation,
        outcomes[index]?.because ?? "It was not checked: its SQL, or that of others, never ended",
      ),
  );
}

async function checkTable(
  db: Database,
  table: Table,
  expectations: readonly Expectation[],
  references: ReadonlyMap<string, DataFile>,
  nowMs: number,
): Promise<ExpectationOutcome[]> {
  const outcomes = new Map<Expectation, ExpectationOutcome>();
  const looks: Look[] = [];
  const findReference = openReferences(db, references);
  for (const expectation of expectations) {
    if (table.rows === 0 && expectation.kind !== "columns" && expectation.kind !== "row-count") {
      outcomes.set(expectation, failToCheck(expectation, sayNoRows(table)));
      continue;
    }
    try {
      // oxlint-disable-next-line no-await-in-loop -- one connection
      looks.push(await planLook(db, table, expectation, { findReference, nowMs }));
    } catch (error) {
      outcomes.set(expectation, failToCheck(expectation, sayError(error)));
    }
  }
  const measured = await measureLooks(db, looks);
  const failing = await fetchAll(db, table, looks, measured);
  const place = await placeRows(
    table,
    [...failing.values()].filter((found): found is Failing => !(found instanceof Error)),
  );
  for (const look of looks) {
    const { expectation } = look;
    const found = measured.get(look);
    const rows = failing.get(look);
    if (found === undefined || found.kind === "error")
      outcomes.set(expectation, failToCheck(expectation, sayError(found?.error, look.foreign ? undefined : table)));
    else if (rows instanceof Error) outcomes.set(expectation, failToCheck(expectation, sayError(rows)));
    else if (rows === undefined) outcomes.set(expectation, judgeOne(look, found, table, nowMs));
    else
      outcomes.set(
        expectation,
        judgeRows(expectation, { ...rows, of: Number(found.values[0]), rows: rows.rows.map(place) }),
      );
  }
  return expectations.map((expectation) => outcomes.get(expectation) ?? failToCheck(expectation, "It was not checked"));
}

/** The failing rows of every look that may have some. */
async function fetchAll(
  db: Database,
  table: Table,
  looks: readonly Look[],
  measured: ReadonlyMap<Look, Measured>,
): Promise<ReadonlyMap<Look, Failing | Error>> {
  const failing = new Map<Look, Failing | Error>();
  // where this cannot be told, every look is asked for itself and says why
  const ordered = await findOrdered(db, table.rows, looks, measured).catch(() => new Set<Look>());
  for (const look of looks) {
    const found = measured.get(look);
    if (look.form === "total" || look.form === "columns" || found?.kind !== "values" || ordered.has(look)) continue;
    try {
      // oxlint-disable-next-line no-await-in-loop -- one connection
      if (await mayBreak(db, look, found.values))
        failing.set(look, await fetchFailing(db, look, Number(found.values[1])));
    } catch (error) {
      failing.set(
        look,
        new DataError("unreadable", sayError(error, look.foreign ? undefined : table), { cause: error }),
      );
    }
  }
  return failing;
}

function judgeOne(
  look: Look,
  { values, quick }: Extract<Measured, { kind: "values" }>,
  table: Table,
  nowMs: number,
): ExpectationOutcome {
  const { expectation } = look;
  const [of, value] = [Number(values[0]), values[1]];
  switch (expectation.kind) {
    case "columns":
      return judgeColumns(
        expectation,
        table.columns.map(({ name }) => name),
      );
    case "row-count":
      return judgeTotal(expectation, Number(value), of);
    case "sum":
    case "mean":
    case "quantile":
    case "freshness": {
      const number = typeof value === "number" ? value : null;
      return expectation.kind === "freshness"
        ? judgeFreshness(expectation, number, nowMs, of)
        : judgeTotal(expectation, quick && expectation.kind === "quantile" && number !== null ? undefined : number, of);
    }
    case "sql":
      if (look.form !== "total") break;
      if (expectation.mostly !== undefined)
        return failToCheck(
          expectation,
          `"mostly" is a share of rows, and "${expectation.sql.slice(0, 200)}" is one value over all of them: leave it out`,
        );
      return judgeAggregate(expectation, typeof value === "boolean" ? value : null, of);
    default:
  }
  return judgeRows(expectation, { failing: 0, of, rows: [], values: [] });
}

const sayNoRows = ({ files }: Table): string =>
  `There is nothing to check: ${files
    .slice(0, 3)
    .map(({ shown }) => `"${shown}"`)
    .join(", ")} ${files.length === 1 ? "holds" : "hold"} no rows`;

/** `table`: its files are named, as nothing but them can be the reason. */
function sayError(error: unknown, table?: Table): string {
  if (error instanceof DataError) return error.message;
  const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
  if (table === undefined) return `The expectation could not be checked: ${reason}`;
  const shown = table.files.slice(0, 3).map((file) => `"${file.shown}"`);
  return `Cannot read ${shown.join(", ")}${table.files.length > 3 ? ` and ${table.files.length - 3} more` : ""}: ${reason}`;
}
