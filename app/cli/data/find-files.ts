import { existsSync, lstatSync, statSync } from "node:fs";
import { glob } from "node:fs/promises";
import { resolve } from "node:path";
import { naturalOrder } from "#core/config/natural-order.ts";
import type { DataFile } from "#data/data-file.ts";
import { ExitError } from "#cli/exit-error.ts";
import {
  findPointed,
  isPointed,
  isPointer,
  listTables,
  refuseAbsentMatches,
  refuseAbsentName,
} from "./stored/find-pointed.ts";

/**
 * The data files that somebody named: a file's own name wins, whatever characters it has; else `*`, `?` and `**` are a
 * pattern, whose files come in natural order. A pointer, and a folder under one, is the data that it stands for in the
 * working tree. Throws an ExitError (2) for a name of nothing, a pattern that matches nothing, data that is not here, a
 * file that two names mean, and any other folder.
 */
export async function findFiles(names: readonly string[], option: string): Promise<DataFile[]> {
  const found = new Map<string, DataFile>();
  for (const name of names) {
    // oxlint-disable-next-line no-await-in-loop -- a handful, and the first mistake is the one to say
    for (const shown of await expand(name, option)) {
      const path = resolve(shown);
      if (found.has(path))
        throw new ExitError(
          2,
          `Cannot read "${shown}" of ${option}: it is named twice, and its rows would count twice; name it once`,
        );
      found.set(path, { path, shown });
    }
  }
  return [...found.values()];
}

async function expand(name: string, option: string): Promise<readonly string[]> {
  if (existsSync(name)) {
    if (isPointer(name)) return findPointed(name, option).toSorted(naturalOrder);
    if (!statSync(name).isDirectory()) return [name];
    if (isPointed(name)) return listTables(name, option).toSorted(naturalOrder);
    throw new ExitError(
      2,
      `Cannot read "${name}" of ${option}: it is a folder; name its files, such as "${name.replace(/\/$/, "")}/*.parquet"`,
    );
  }
  if (lstatSync(name, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new ExitError(2, `Cannot read "${name}" of ${option}: it is a link to a file that is not there`);
  if (!/[*?]/.test(name)) {
    refuseAbsentName(name, option);
    throw new ExitError(2, `Cannot read "${name}" of ${option}: there is no such file`);
  }
  const files: string[] = [];
  for await (const path of glob(name)) {
    const found = statSync(path, { throwIfNoEntry: false });
    // passed over, its rows would be missing and nobody would know
    if (found === undefined)
      throw new ExitError(2, `Cannot read "${path}" of ${option}: it is a link to a file that is not there`);
    if (isPointer(path)) files.push(...findPointed(path, option));
    else if (found.isFile()) files.push(path);
  }
  await refuseAbsentMatches(name, option);
  if (files.length === 0) throw new ExitError(2, `Cannot read "${name}" of ${option}: no file matches this pattern`);
  return [...new Set(files)].sort(naturalOrder);
}
