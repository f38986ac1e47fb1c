import { encodeProfile, type ProfileRecord } from "#core/profile/profile-json.ts";
import type { ColumnChoice } from "#data/profile/choose-columns.ts";
import { findSparkSubmit } from "#cli/data/spark/find-spark-submit.ts";
import { profileBySpark } from "#cli/data/spark/profile-by-spark.ts";
import { ExitError } from "#cli/exit-error.ts";

export type EngineOptions = {
  engine: string;
  table: string;
  sparkSubmit: string | undefined;
  sparkConf: readonly string[];
  choice: ColumnChoice;
};

/** Profiles a table where it lies. Throws an ExitError or a DataError. */
export async function profileByEngine(options: EngineOptions): Promise<ProfileRecord> {
  const { engine, table, sparkSubmit, sparkConf, choice } = options;
  if (engine !== "spark") throw new ExitError(2, `--engine must be spark; it is "${engine}"`);
  const wrong = sparkConf.find((setting) => !/^[^=\s]+=/.test(setting));
  if (wrong !== undefined) throw new ExitError(2, `--spark-conf must be like spark.master=yarn; it is "${wrong}"`);
  const submit = findSparkSubmit(sparkSubmit);
  const started = performance.now();
  process.stderr.write(`starting ${submit}\n`);
  const profile = await profileBySpark(table, {
    submit,
    settings: sparkConf,
    ...choice,
    onProgress(said) {
      process.stderr.write(`${((performance.now() - started) / 1_000).toFixed(0)} s  ${said.slice(0, 100)}\n`);
    },
  });
  return encodeProfile(profile, { files: [{ name: table, rows: profile.rows }] });
}
