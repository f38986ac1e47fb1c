import { readFile } from "node:fs/promises";
import { formatCount } from "#core/message/format.ts";
import { mergeProfiles } from "#core/profile/merge-profiles.ts";
import { decodeProfile, isProfilePath } from "#core/profile/profile-json.ts";
import type { TableProfile } from "#core/profile/table-profile.ts";
import type { DataFile } from "#data/data-file.ts";
import { profileTables } from "#data/profile/profile-files.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findFiles } from "#cli/data/find-files.ts";
import type { DriftOptions } from "./add-drift.ts";

export type Side = {
  profile: TableProfile;
  /** the files' names as people know them */
  names: readonly string[];
  /** undefined: only profiles are at hand */
  files: readonly DataFile[] | undefined;
};

export type Chosen = Pick<DriftOptions, "columns" | "without" | "names">;

/**
 * Each side one table: data files read together, or stored profiles merged. `columns`: those that either side has, before
 * any was left out. Throws an ExitError or a DataError.
 */
export async function readSides(
  options: DriftOptions,
  chosen: Chosen,
): Promise<{ reference: Side; current: Side; columns: readonly string[] }> {
  const reference = await findSide(options.reference, "--reference");
  const current = await findSide(options.current, "--current");
  const known = new Set<string>();
  const tables = [reference, current].flatMap(({ files, stored }) => (stored ? [] : [files]));
  const profiled =
    tables.length === 0 ? [] : await profileData(tables, chosen, (names) => names.forEach((name) => known.add(name)));
  const read = async ({ files, stored }: FoundSide): Promise<Side> => {
    const names = files.map(({ shown }) => shown);
    const own = stored ? undefined : profiled[tables.indexOf(files)];
    if (own !== undefined) return { profile: own, names, files };
    return { profile: mergeProfiles(await Promise.all(files.map(readProfile))), names, files: undefined };
  };
  const sides = { reference: await read(reference), current: await read(current) };
  for (const { profile } of [sides.reference, sides.current]) for (const { name } of profile.columns) known.add(name);
  return { ...sides, columns: [...known] };
}

type FoundSide = { files: readonly DataFile[]; stored: boolean };

async function findSide(patterns: readonly string[], option: string): Promise<FoundSide> {
  const files = await findFiles(patterns, option);
  const data = files.find(({ shown }) => !isProfilePath(shown));
  if (data !== undefined && files.some(({ shown }) => isProfilePath(shown)))
    throw new ExitError(2, `Cannot read "${data.shown}" of ${option} beside a profile: give data files or profiles`);
  return { files, stored: data === undefined };
}

/** Each file by itself. */
export async function readParts(patterns: readonly string[], option: string, chosen: Chosen): Promise<TableProfile[]> {
  const parts: TableProfile[] = [];
  for (const file of await findFiles(patterns, option)) {
    // oxlint-disable-next-line no-await-in-loop -- one file in memory at a time
    if (isProfilePath(file.shown)) parts.push(await readProfile(file));
    // oxlint-disable-next-line no-await-in-loop -- the same
    else parts.push(...(await profileData([[file]], chosen)));
  }
  return parts;
}

async function readProfile({ path, shown }: DataFile): Promise<TableProfile> {
  try {
    return decodeProfile(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    const why = error instanceof SyntaxError ? "it is no JSON" : error instanceof Error ? error.message : String(error);
    throw new ExitError(
      2,
      `Cannot read "${shown}": ${why.replace(/^Cannot read the profile: /, "")}; make one with "trainyard data profile"`,
    );
  }
}

async function profileData(
  tables: readonly (readonly DataFile[])[],
  { columns, without, names }: Chosen,
  onColumns?: (names: readonly string[]) => void,
): Promise<TableProfile[]> {
  const started = Date.now();
  return await profileTables(tables, {
    ...(columns === undefined ? {} : { columns }),
    ...(without === undefined ? {} : { without }),
    ...(names === undefined ? {} : { names }),
    ...(onColumns === undefined ? {} : { onColumns }),
    onProgress: (rows) => {
      if (process.stderr.isTTY && Date.now() - started > 1_000)
        process.stderr.write(`\r${formatCount(rows)} rows read`);
    },
  });
}
