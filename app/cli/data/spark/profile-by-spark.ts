import { BadAnswer, readText } from "#core/profile/sql/answer.ts";
import { dialects } from "#core/profile/sql/dialect.ts";
import { profileBySql } from "#core/profile/sql/profile-by-sql.ts";
import { sqlColumn } from "#core/profile/sql/sql-column.ts";
import type { TableProfile } from "#core/profile/table-profile.ts";
import { DataError } from "#data/data-error.ts";
import { chooseColumns, requireEach, resolveChoice, type ColumnChoice } from "#data/profile/choose-columns.ts";
import { sparkTable } from "./spark-table.ts";
import { questionsAtOnce } from "./spark-script.ts";
import { startSpark, type SparkOptions } from "./start-spark.ts";

export type SparkProfileOptions = SparkOptions &
  ColumnChoice & {
    /** told before each column, and of the version once Spark runs */
    onProgress?: (said: string) => void;
  };

/**
 * Profiles a table where it lies, by queries that the team's own Spark runs: the profile that `profileFiles` stores of
 * the same rows. Throws a DataError.
 */
export async function profileBySpark(table: string, options: SparkProfileOptions): Promise<TableProfile> {
  const from = sparkTable(table);
  const spark = await startSpark(options);
  try {
    options.onProgress?.(`Spark ${spark.version}`);
    const described = await spark.ask(`DESCRIBE QUERY SELECT * FROM ${from}`);
    const types = described.map(([name, type]) => ({ name: readText(name), type: readText(type) }));
    const choice = resolveChoice(options, types);
    requireEach("columns", choice.columns, choice.without, types, table);
    requireEach("names", choice.names, choice.without, types, table);
    const columns = chooseColumns(types, choice).map(({ name, type }) =>
      sqlColumn("spark", name, type, choice.names?.includes(name) === true),
    );
    return await profileBySql(spark.ask, { dialect: dialects.spark, from }, columns, {
      atOnce: questionsAtOnce,
      ...(options.onProgress === undefined ? {} : { onColumn: options.onProgress }),
    });
  } catch (error) {
    if (error instanceof BadAnswer)
      throw new DataError("bad-value", `Cannot profile "${table}": ${error.message}`, { cause: error });
    if (!(error instanceof DataError) || error.code !== "bad-sql") throw error;
    const missing = /TABLE_OR_VIEW_NOT_FOUND|PATH_NOT_FOUND|Table or view not found|Path does not exist/i.test(
      error.message,
    );
    const mend = missing ? "Spark finds no such table" : "Spark says";
    throw new DataError("bad-sql", `Cannot profile "${table}": ${mend}: ${error.message}`, { cause: error });
  } finally {
    await spark.close();
  }
}
