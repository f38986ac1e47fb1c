import { dialects, type DialectName } from "#core/profile/sql/dialect.ts";
import { listQueries } from "#core/profile/sql/list-queries.ts";
import { sqlColumn } from "#core/profile/sql/sql-column.ts";
import { openDuckDb } from "#data/open-duckdb.ts";
import { chooseColumns, requireEach, resolveChoice, type ColumnChoice } from "#data/profile/choose-columns.ts";
import { sparkTable } from "#cli/data/spark/spark-table.ts";
import { readTable } from "#data/table/read-table.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findFiles } from "#cli/data/find-files.ts";

export type PrintSqlOptions = ColumnChoice & { dialect: string; table: string; columnsOf: string };

/** Prints the queries that profile a table with the columns of a file. Throws an ExitError or a DataError. */
export async function printSql(options: PrintSqlOptions): Promise<void> {
  const { dialect, table, columnsOf } = options;
  if (!isDialect(dialect)) throw new ExitError(2, `--dialect must be spark or duckdb; it is "${dialect}"`);
  const files = await findFiles([columnsOf], "--columns-of");
  const db = await openDuckDb({ reads: files.map(({ path }) => path) });
  try {
    const { columns: types } = await readTable(db, files, "profiled", { typed: "all", inPlace: true });
    const choice = resolveChoice(options, types);
    requireEach("columns", choice.columns, choice.without, types, columnsOf);
    requireEach("names", choice.names, choice.without, types, columnsOf);
    const columns = chooseColumns(types, choice).map((column) =>
      sqlColumn("duckdb", column.name, column.type, choice.names?.includes(column.name) === true),
    );
    const from = dialect === "spark" ? sparkTable(table) : quoteParts(table);
    process.stdout.write(listQueries({ dialect: dialects[dialect], from }, columns));
  } finally {
    await db.close();
  }
}

function quoteParts(table: string): string {
  return table.includes("/")
    ? `'${table.replaceAll("'", "''")}'`
    : table.split(".").map(dialects.duckdb.quote).join(".");
}

function isDialect(name: string): name is DialectName {
  return Object.hasOwn(dialects, name);
}
