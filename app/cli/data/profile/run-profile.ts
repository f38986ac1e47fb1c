import { stat } from "node:fs/promises";
import { formatCount } from "#core/message/format.ts";
import { renderProfile } from "#core/message/terminal/render-profile.ts";
import { decodeProfile, encodeProfile, isProfilePath, type ProfileRecord } from "#core/profile/profile-json.ts";
import { formatOf, type DataFile } from "#data/data-file.ts";
import type { ColumnChoice } from "#data/profile/choose-columns.ts";
import { profileFiles } from "#data/profile/profile-files.ts";
import type { Shard } from "#data/profile/shard.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findFiles } from "#cli/data/find-files.ts";
import { writeOutput } from "#cli/data/write-output.ts";
import { mergeStored, readStored } from "./merge-stored.ts";

export type ProfileCommandOptions = {
  out?: string;
  columns?: string[];
  without?: string[];
  names?: string[];
  shard?: string;
  merge?: boolean;
  json?: boolean;
  engine?: string;
  table?: string;
  sparkSubmit?: string;
  sparkConf?: string[];
  printSql?: boolean;
  dialect: string;
  columnsOf?: string;
};

const mostShards = 10_000;

/** Profiles data, or merges profiles, and prints or writes what comes of it. Throws an ExitError or a DataError. */
export async function runProfile(files: readonly string[], options: ProfileCommandOptions): Promise<void> {
  const names = takeFiles(files, options);
  if (options.printSql === true) return await printQueries(names, options);
  const record = options.engine === undefined ? await profileHere(names, options) : await profileThere(names, options);
  if (options.out !== undefined) await writeOutput("--out", options.out, `${JSON.stringify(record)}\n`);
  process.stdout.write(options.json === true ? `${JSON.stringify(record)}\n` : renderProfile(decodeProfile(record)));
}

async function printQueries(names: readonly string[], options: ProfileCommandOptions): Promise<void> {
  if (options.json === true) throw new ExitError(2, "Cannot print SQL as JSON: leave out --json or --print-sql");
  const { dialect, columnsOf } = options;
  const table = requireTable("--print-sql", names, options);
  if (columnsOf === undefined)
    throw new ExitError(2, "--print-sql needs --columns-of, a file with the table's columns, such as a part of it");
  const { printSql } = await import("./print-sql.ts");
  await printSql({ ...choiceOf(options), dialect, table, columnsOf });
}

async function profileThere(names: readonly string[], options: ProfileCommandOptions): Promise<ProfileRecord> {
  const { engine = "", sparkSubmit, sparkConf = [] } = options;
  const table = requireTable("--engine", names, options);
  const { profileByEngine } = await import("./profile-by-engine.ts");
  return await profileByEngine({ engine, table, sparkSubmit, sparkConf, choice: choiceOf(options) });
}

/** With an engine there are no files, and no parts of them. */
function requireTable(option: string, names: readonly string[], options: ProfileCommandOptions): string {
  const other = names.length > 0 ? "FILES" : options.shard !== undefined ? "--shard" : "--merge";
  if (names.length > 0 || options.shard !== undefined || options.merge === true)
    throw new ExitError(2, `Cannot profile with ${option} and ${other}: the table is named by --table`);
  if (options.table === undefined)
    throw new ExitError(2, `${option} needs --table, such as --table sales.orders or --table /data/orders.parquet`);
  return options.table;
}

async function profileHere(names: readonly string[], options: ProfileCommandOptions): Promise<ProfileRecord> {
  const lost = (["table", "sparkSubmit", "sparkConf", "columnsOf"] as const).find((key) => options[key] !== undefined);
  if (lost !== undefined)
    throw new ExitError(
      2,
      `--${lost.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)} needs --engine spark or --print-sql`,
    );
  if (names.length === 0)
    throw new ExitError(
      2,
      `Cannot profile: name the ${options.merge === true ? "profiles" : "files"}, such as ${options.merge === true ? "--merge part-*.json" : "data/train.parquet"}`,
    );
  if (options.merge === true) return await mergeStored(names, options);
  const files = await findFiles(names, "FILES");
  const stored = files.find(({ shown }) => isProfilePath(shown));
  return stored === undefined ? await profileData(files, options) : await readStored(stored, files, options);
}

async function profileData(files: readonly DataFile[], options: ProfileCommandOptions): Promise<ProfileRecord> {
  const shard = readShard(options.shard);
  const started = performance.now();
  let said = started;
  const profile = await profileFiles(files, {
    ...choiceOf(options),
    ...(shard === undefined ? {} : { shard }),
    onProgress(rows) {
      if (performance.now() - said < 2_000) return;
      said = performance.now();
      process.stderr.write(`${((said - started) / 1_000).toFixed(0)} s  ${formatCount(rows)} rows\n`);
    },
  });
  const about = await Promise.all(
    files.map(async ({ path, shown }) => ({ name: shown, bytes: (await stat(path)).size })),
  );
  return encodeProfile(profile, { files: about, ...(shard === undefined ? {} : { shard }) });
}

function readShard(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const [index, of] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text)?.slice(1) ?? []).map(Number);
  if (index === undefined || of === undefined || of < 1 || of > mostShards || index < 1 || index > of)
    throw new ExitError(2, `--shard must be like 3/8, with 1/8 the first and 8/8 the last; it is "${text}"`);
  return { index, of };
}

function choiceOf({ columns, without, names }: ProfileCommandOptions): ColumnChoice {
  return {
    ...(columns === undefined ? {} : { columns }),
    ...(without === undefined ? {} : { without }),
    ...(names === undefined ? {} : { names }),
  };
}

/** A list of columns takes every word behind it: files that stand there are no columns. */
function takeFiles(files: readonly string[], { columns, without, names }: ProfileCommandOptions): readonly string[] {
  if (files.length > 0) return files;
  return [columns, without, names].flatMap((list = []) => {
    const from = list.findLastIndex((name) => formatOf(name) === undefined) + 1;
    return list.splice(from);
  });
}
