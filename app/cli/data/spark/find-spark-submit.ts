import { accessSync, constants } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { DataError } from "#data/data-error.ts";

/** The program spark-submit: the one that was named, or of SPARK_HOME, or on PATH. Throws a DataError where there is none. */
export function findSparkSubmit(
  named: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const asked = named === undefined ? undefined : resolve(named);
  if (asked !== undefined) {
    if (isProgram(asked)) return asked;
    throw new DataError("unreadable", `Cannot run "${named}" of --spark-submit: it is no program`);
  }
  const { SPARK_HOME: home, PATH: path = "" } = env;
  const folders = [...(home === undefined || home === "" ? [] : [join(home, "bin")]), ...path.split(delimiter)];
  const found = folders.map((folder) => join(folder, "spark-submit")).find(isProgram);
  if (found !== undefined) return found;
  throw new DataError(
    "unreadable",
    "Cannot profile with Spark: there is no spark-submit; put it on PATH, set SPARK_HOME, or name it with --spark-submit /opt/spark/bin/spark-submit",
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
