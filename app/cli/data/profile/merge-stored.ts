import { readFile, stat } from "node:fs/promises";
import { formatUnits } from "#core/message/format.ts";
import { mergeProfiles, ProfileMismatch } from "#core/profile/merge-profiles.ts";
import { BadProfile, decodeProfile, encodeProfile, type ProfileRecord } from "#core/profile/profile-json.ts";
import type { DataFile } from "#data/data-file.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findFiles } from "#cli/data/find-files.ts";
import type { ProfileCommandOptions } from "./run-profile.ts";

/** A profile is a few hundred KB: what is larger is something else. */
const largestProfile = 256 * 1024 * 1024;

/** A stored profile as it is, where it is the only file that was named. Throws an ExitError (2). */
export async function readStored(
  { path, shown }: DataFile,
  files: readonly DataFile[],
  options: ProfileCommandOptions,
): Promise<ProfileRecord> {
  const others = files.length - 1;
  if (others > 0)
    throw new ExitError(
      2,
      `Cannot profile "${shown}" and ${formatUnits(others, "other file")}: it is a profile by its name; say --merge to put profiles together, or name it alone`,
    );
  refuseChoice("show a profile", options);
  return (await readPart(path, shown, "FILES")).record;
}

/** The profile of a whole out of stored ones of its parts. Throws an ExitError (2). */
export async function mergeStored(names: readonly string[], options: ProfileCommandOptions): Promise<ProfileRecord> {
  refuseChoice("merge", options);
  const files = await findFiles(names, "--merge");
  const parts = await Promise.all(
    files.map(async ({ path, shown }) => ({ shown, ...(await readPart(path, shown, "--merge")) })),
  );
  refuseTwice(parts);
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

function refuseChoice(what: string, options: ProfileCommandOptions): void {
  const other = (["columns", "without", "names", "shard"] as const).find((name) => options[name] !== undefined);
  if (other !== undefined) throw new ExitError(2, `Cannot ${what} with --${other}: say it where the data is profiled`);
}

/** The same rows would be counted twice. */
function refuseTwice(parts: readonly { shown: string; record: ProfileRecord }[]): void {
  const seen = new Map<string, string>();
  for (const { shown, record } of parts) {
    const text = JSON.stringify(record);
    const other = seen.get(text);
    if (other !== undefined)
      throw new ExitError(
        2,
        `Cannot merge: "${other}" and "${shown}" are the same profile, and its rows would count twice; name one of them`,
      );
    seen.set(text, shown);
  }
}

async function readPart(
  path: string,
  shown: string,
  option: string,
): Promise<{ record: ProfileRecord; profile: ReturnType<typeof decodeProfile> }> {
  if ((await stat(path)).size > largestProfile)
    throw new ExitError(2, `Cannot read "${shown}" of ${option}: it is larger than 256 MB and no profile`);
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
      `Cannot read "${shown}" of ${option}: ${because}; make one with "trainyard data profile --out"`,
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
