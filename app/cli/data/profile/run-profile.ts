import { readFile, stat } from "node:fs/promises";
import { formatCount } from "#core/message/format.ts";
import { renderProfile } from "#core/message/terminal/render-profile.ts";
import { mergeProfiles, ProfileMismatch } from "#core/profile/merge-profiles.ts";
import { BadProfile, decodeProfile, encodeProfile, type ProfileRecord } from "#core/profile/profile-json.ts";
import type { ColumnChoice } from "#data/profile/choose-columns.ts";
import { profileFiles } from "#data/profile/profile-files.ts";
import type { Shard } from "#data/profile/shard.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findFiles } from "#cli/data/find-files.ts";
import { writeOutput } from "#cli/data/write-output.ts";

export type ProfileCommandOptions = {
  out?: string;
  columns?: string;
  without?: string;
  names?: string;
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

/** A profile is a few hundred KB: what is larger is something else. */
const largestProfile = 256 * 1024 * 1024;
const mostShards = 10_000;

/** Profiles data, or merges profiles, and prints or writes what comes of it. Throws an ExitError or a DataError. */
export async function runProfile(names: readonly string[], options: ProfileCommandOptions): Promise<void> {
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
  return options.merge === true ? await mergeParts(names, options) : await profileData(names, options);
}

async function profileData(names: readonly string[], options: ProfileCommandOptions): Promise<ProfileRecord> {
  const files = await findFiles(names, "FILES");
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

async function mergeParts(names: readonly string[], options: ProfileCommandOptions): Promise<ProfileRecord> {
  const other = (["columns", "without", "names", "shard"] as const).find((name) => options[name] !== undefined);
  if (other !== undefined) throw new ExitError(2, `Cannot merge with --${other}: say it where the parts are profiled`);
  const files = await findFiles(names, "--merge");
  const parts = await Promise.all(files.map(async ({ path, shown }) => await readPart(path, shown)));
  requireShards(parts.map(({ record }) => record));
  try {
    const whole = mergeProfiles(parts.map(({ profile }) => profile));
    const read = new Map(parts.flatMap(({ record }) => record.files.map((file) => [file.name, file])));
    return encodeProfile(whole, { files: [...read.values()] });
  } catch (error) {
    if (error instanceof ProfileMismatch) throw new ExitError(2, error.message);
    throw error;
  }
}

async function readPart(
  path: string,
  shown: string,
): Promise<{ record: ProfileRecord; profile: ReturnType<typeof decodeProfile> }> {
  if ((await stat(path)).size > largestProfile)
    throw new ExitError(2, `Cannot read "${shown}" of --merge: it is larger than 256 MB and no profile`);
  try {
    const json: unknown = JSON.parse(await readFile(path, "utf8"));
    const profile = decodeProfile(json);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was decoded just now
    return { record: json as ProfileRecord, profile };
  } catch (error) {
    if (!(error instanceof BadProfile) && !(error instanceof SyntaxError)) throw error;
    const because =
      error instanceof SyntaxError ? "it is no JSON" : error.message.replace(/^Cannot read the profile: /, "");
    throw new ExitError(
      2,
      `Cannot read "${shown}" of --merge: ${because}; make one with "trainyard data profile --out"`,
    );
  }
}

/** One part twice, or one too few, would be a whole that looks right. */
function requireShards(records: readonly ProfileRecord[]): void {
  const shards = records.flatMap(({ shard }) => (shard === undefined ? [] : [shard]));
  const [first] = shards;
  if (first === undefined) return;
  const seen = new Set(shards.filter(({ of }) => of === first.of).map(({ index }) => index));
  const missing = Array.from({ length: first.of }, (_, index) => index + 1).find((index) => !seen.has(index));
  if (missing !== undefined)
    throw new ExitError(
      2,
      `Cannot merge: part ${missing}/${first.of} is missing; profile it with --shard ${missing}/${first.of}`,
    );
  if (shards.length !== records.length || shards.length !== seen.size)
    throw new ExitError(2, `Cannot merge: ${records.length} profiles for ${first.of} parts; name each part once`);
}

function readShard(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const [index, of] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text)?.slice(1) ?? []).map(Number);
  if (index === undefined || of === undefined || of < 1 || of > mostShards || index < 1 || index > of)
    throw new ExitError(2, `--shard must be like 3/8, with 1/8 the first and 8/8 the last; it is "${text}"`);
  return { index, of };
}

function choiceOf(options: ProfileCommandOptions): ColumnChoice {
  const [columns, without, names] = [list(options.columns), list(options.without), list(options.names)];
  return {
    ...(columns === undefined ? {} : { columns }),
    ...(without === undefined ? {} : { without }),
    ...(names === undefined ? {} : { names }),
  };
}

function list(text: string | undefined): string[] | undefined {
  return text
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
