import type { Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { decideTypes } from "#data/table/decide-types.ts";
import { kindOf, sayKind } from "./column-kind.ts";
import type { Side } from "./open-side.ts";
import { unifyValues, type Typed } from "./unify-values.ts";

/** One column of several sides, ready to be compared. A side that lacks it has NULL and no word. */
export type Compared = {
  name: string;
  /** SQL over each side's view */
  values: readonly string[];
  /** what each side's values are: number, text, date …; undefined where it has none */
  words: readonly (string | undefined)[];
};

/** Decides how each of these columns is compared over all sides. Column types of text are decided from every value. */
export async function compareColumns(
  db: Database,
  sides: readonly Side[],
  names: readonly string[],
): Promise<readonly Compared[]> {
  const found = sides.map((side) => typeColumns(side, names));
  await decideRaw(db, sides, names, found);
  await findEmpty(db, sides, names, found);
  await findHuge(db, sides, names, found);
  return names.map((name, at) => {
    const columns = found.map((typed) => typed[at] ?? missing);
    return {
      name,
      values: unifyValues(columns),
      words: columns.map(({ kind, type }) => (kind === "empty" ? undefined : sayKind(kind, type))),
    };
  });
}

const missing: Typed = { sql: "NULL", type: "NULL", kind: "empty", raw: false };

type Found = (Typed | undefined)[][];

function typeColumns(side: Side, names: readonly string[]): (Typed | undefined)[] {
  const types = new Map(side.columns.map(({ name, type }) => [name, type]));
  return names.map((name) => {
    const type = types.get(name);
    if (type === undefined) return undefined;
    const kind = kindOf(type);
    return { sql: quoteName(name), type, kind, raw: side.text && type === "VARCHAR" };
  });
}

/** A column of a text format is what its values are, unless another side says that it is text. */
async function decideRaw(db: Database, sides: readonly Side[], names: readonly string[], found: Found): Promise<void> {
  const isText = names.map((_, at) => found.some((typed) => typed[at]?.kind === "text" && !typed[at].raw));
  for (const [index, side] of sides.entries()) {
    const open = names.filter((_, at) => found[index]?.[at]?.raw === true && isText[at] === false);
    if (open.length === 0 || side.rows === 0) continue;
    // oxlint-disable-next-line no-await-in-loop -- one scan at a time
    const types = await decideTypes(db, side.name, open);
    for (const [at, name] of names.entries()) {
      const type = types.get(name);
      const column = found[index]?.[at];
      if (type === undefined || type === "VARCHAR" || column === undefined) continue;
      const sql = `CAST(${column.sql} AS ${type})`;
      found[index]?.splice(at, 1, { sql, type, kind: kindOf(type), raw: false });
    }
  }
}

/** A column without any value has the kind of whatever it is compared with. */
async function findEmpty(db: Database, sides: readonly Side[], names: readonly string[], found: Found): Promise<void> {
  const isDisputed = names.map((_, at) => new Set(found.flatMap((typed) => typed[at]?.kind ?? [])).size > 1);
  await ask(db, sides, names, found, {
    of: (column, at) => isDisputed[at] === true && column.kind !== "empty",
    sql: ({ sql, kind }) => `count(${kind === "text" ? `nullif(${sql}::VARCHAR, '')` : sql}) = 0`,
    yes: (column) => ({ ...column, kind: "empty" }),
  });
}

/** Whole numbers beside decimals are compared as doubles, unless one of them is too large for it. */
async function findHuge(db: Database, sides: readonly Side[], names: readonly string[], found: Found): Promise<void> {
  const isMixed = names.map((_, at) => {
    const kinds = new Set(found.flatMap((typed) => typed[at]?.kind ?? []));
    return kinds.has("integer") && (kinds.has("double") || kinds.has("decimal") || kinds.has("single"));
  });
  await ask(db, sides, names, found, {
    of: (column, at) => isMixed[at] === true && column.kind === "integer",
    sql: ({ sql }) => `coalesce(max(abs(${sql}::DOUBLE)) >= 9007199254740992, false)`,
    yes: (column) => ({ ...column, huge: true }),
  });
}

async function ask(
  db: Database,
  sides: readonly Side[],
  names: readonly string[],
  found: Found,
  question: {
    of(column: Typed, at: number): boolean;
    sql(column: Typed): string;
    yes(column: Typed): Typed;
  },
): Promise<void> {
  for (const [index, side] of sides.entries()) {
    const asked = names.flatMap((_, at) => {
      const column = found[index]?.[at];
      return column !== undefined && question.of(column, at) ? [{ at, column }] : [];
    });
    if (asked.length === 0) continue;
    const tests = asked.map(({ column, at }) => `${question.sql(column)} AS "${at}"`);
    // oxlint-disable-next-line no-await-in-loop -- one scan at a time
    const answer = await db.query(`SELECT ${tests.join(", ")} FROM ${side.view}`);
    for (const { at, column } of asked)
      if (answer.get(String(at))?.[0] === true) found[index]?.splice(at, 1, question.yes(column));
  }
}
