import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { formatCount } from "#core/message/format.ts";
import { renderProfile } from "#core/message/terminal/render-profile.ts";
import { mergeProfiles, ProfileMismatch } from "#core/profile/merge-profiles.ts";
import { BadProfile, decodeProfile, encodeProfile, type ProfileRecord } from "#core/profile/profile-json.ts";
import { profileFiles } from "#data/profile/profile-files.ts";
import type { Shard } from "#data/profile/shard.ts";
import { writeWhole } from "#disk/write-whole.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findFiles } from "./find-files.ts";

export type ProfileCommandOptions = {
  out?: string;
  columns?: string;
  without?: string;
  names?: string;
  shard?: string;
  merge?: boolean;
  json?: boolean;
};

/** A profile is a few hundred KB: what is larger is something else. */
const largestProfile = 256 * 1024 * 1024;
const mostShards = 10_000;

/** Profiles data, or merges profiles, and prints or writes what comes of it. Throws an ExitError or a DataError. */
export async function runProfile(names: readonly string[], options: ProfileCommandOptions): Promise<void> {
  if (names.length === 0)
    throw new ExitError(
      2,
      `Cannot profile: name the ${options.merge === true ? "profiles" : "files"}, such as ${options.merge === true ? "--merge part-*.json" : "data/train.parquet"}`,
    );
  const record = options.merge === true ? await mergeParts(names, options) : await profileData(names, options);
  if (options.out !== undefined) await writeWhole(resolve(options.out), `${JSON.stringify(record)}\n`);
  process.stdout.write(options.json === true ? `${JSON.stringify(record)}\n` : renderProfile(decodeProfile(record)));
}

async function profileData(names: readonly string[], options: ProfileCommandOptions): Promise<ProfileRecord> {
  const files = await findFiles(names, "FILES");
  const shard = readShard(options.shard);
  const lists = { columns: list(options.columns), without: list(options.without), names: list(options.names) };
  const started = performance.now();
  let said = started;
  const profile = await profileFiles(files, {
    ...(lists.columns === undefined ? {} : { columns: lists.columns }),
    ...(lists.without === undefined ? {} : { without: lists.without }),
    ...(lists.names === undefined ? {} : { names: lists.names }),
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
    throw new ExitError(2, `Cannot read "${shown}" of --merge: ${error.message}`);
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

function list(text: string | undefined): string[] | undefined {
  return text
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
