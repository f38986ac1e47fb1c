import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dialects } from "#core/profile/sql/dialect.ts";
import { listQueries } from "#core/profile/sql/list-queries.ts";
import { findSparkSubmit } from "#cli/data/spark/find-spark-submit.ts";
import { profileBySpark } from "#cli/data/spark/profile-by-spark.ts";
import { sparkTable } from "#cli/data/spark/spark-table.ts";
import { temporaryFolder } from "#test/data/files.ts";

const folder = temporaryFolder();

function writeProgram(name: string, text: string): string {
  const { path } = folder.write(name, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

it("quotes what a table is called", () => {
  expect(sparkTable("sales.orders")).toBe("`sales`.`orders`");
  expect(sparkTable("`a.b`.or-ders; drop")).toBe("`a.b`.`or-ders; drop`");
  expect(sparkTable("s3a://lake/a`b")).toBe("parquet.`s3a://lake/a``b`");
  const here = folder.write("part é.parquet", "").path;
  expect(sparkTable(here)).toBe(`parquet.\`file://${here}\``);
  for (const wrong of ["a..b", "a.", "", "`a", "`a`b", "a`; drop"])
    expect(() => sparkTable(wrong), wrong).toThrow("of --table: a table is named like sales.orders");
});

it("keeps a column's name from ending a comment or a quote", () => {
  const column = { name: "a`\n; DROP TABLE x --", holds: "text" } as const;
  const text = listQueries({ dialect: dialects.spark, from: "t" }, [column]);
  expect(text).toContain("`a``\n; DROP TABLE x --`");
  expect(text).not.toMatch(/^-- [^\n]*`\n/m);
});

it("finds spark-submit: the one named, of SPARK_HOME, or on PATH", () => {
  const submit = writeProgram("spark-submit", "exit 1");
  expect(findSparkSubmit(submit, {})).toBe(submit);
  expect(findSparkSubmit(undefined, { SPARK_HOME: "", PATH: `/nowhere:${folder.path}` })).toBe(submit);
  expect(() => findSparkSubmit(undefined, { SPARK_HOME: folder.path, PATH: "" })).toThrow("there is no spark-submit");
  expect(() => findSparkSubmit(join(folder.path, "none"), {})).toThrow('none" of --spark-submit: it is no program');
});

it("says in one line why Spark ended before it could be asked", async () => {
  const submit = writeProgram("broken", "echo 'INFO a\njava.lang.Exception: no cluster\nINFO b' >&2; exit 1");
  await expect(profileBySpark("t", { submit })).rejects.toThrow(/broken" ended: java\.lang\.Exception: no cluster$/);
});
