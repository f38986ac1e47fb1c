import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { glob } from "node:fs/promises";
import { dirname } from "node:path";
import { isPointerPath, placeOut, PointerError, type Out } from "#core/pointer/pointer.ts";
import { readDvcPointer } from "#core/pointer/read-dvc-pointer.ts";
import { formatOf } from "#data/data-file.ts";
import { ExitError } from "#cli/exit-error.ts";

type Pointed = { pointer: string; out: Out; place: string };

/** Is this name a pointer on this disk? */
export function isPointer(name: string): boolean {
  return isPointerPath(name) && isFile(name);
}

/** The files of the working tree that a pointer stands for, of folders the tables. Throws an ExitError (2). */
export function findPointed(pointer: string, option: string): readonly string[] {
  return readPointer(pointer).flatMap((pointed) => {
    refuseAbsent(pointed, pointer, option);
    return pointed.out.folder ? listTables(pointed.place, option) : [pointed.place];
  });
}

/** Every table in a folder, at any depth: what else lies there has no rows. Throws an ExitError (2) where there is none. */
export function listTables(folder: string, option: string): readonly string[] {
  const top = folder.replace(/\/+$/, "");
  const names = readdirSync(top, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  const tables = names.filter((name) => formatOf(name) !== undefined && isFile(`${top}/${name}`));
  if (tables.length === 0) throw new ExitError(2, sayNoTable(folder, option));
  return tables.map((name) => `${top}/${name}`);
}

/** A folder was named, and nothing in it can be read as rows. */
export function sayNoTable(name: string, option: string): string {
  return `Cannot read "${name}" of ${option}: it holds no table; their names end in .csv, .csv.gz, .ndjson, .jsonl or .parquet`;
}

/** Is this the data of a pointer, or within the folder of one? */
export function isPointed(name: string): boolean {
  return findPointer(name) !== undefined;
}

/** Throws an ExitError (2) where a name is data of a pointer that is not on this disk. */
export function refuseAbsentName(name: string, option: string): void {
  const found = findPointer(name);
  if (found !== undefined) refuseAbsent(found, name, option);
}

/** The same for a pattern: rows of data that is not here would be missing, and nobody would know. */
export async function refuseAbsentMatches(pattern: string, option: string): Promise<void> {
  const parts = pattern.split("/");
  for (const index of parts.keys()) {
    const upTo = parts.slice(0, index + 1).join("/");
    const pointers = upTo.endsWith("**") ? `${upTo}/*.dvc` : `${upTo}.dvc`;
    for await (const pointer of glob(pointers)) {
      if (!isPointer(pointer)) continue;
      for (const pointed of readUnnamed(pointer.replaceAll("\\", "/")))
        if (pointed.out.folder || index === parts.length - 1) refuseAbsent(pointed, pattern, option);
    }
  }
}

function findPointer(name: string): Pointed | undefined {
  const wanted = name.replace(/\/+$/, "");
  for (let at = wanted; ; at = dirname(at)) {
    const pointer = `${at}.dvc`;
    const found = isPointer(pointer) ? readUnnamed(pointer).find(({ place }) => place === at) : undefined;
    if (found !== undefined && (at === wanted || found.out.folder)) return found;
    if (dirname(at) === at || /(?:^|\/)\.\.?$/.test(at)) return undefined;
  }
}

/** A pointer that nobody named may be odd: it stands for nothing then. */
function readUnnamed(pointer: string): readonly Pointed[] {
  try {
    return readPointer(pointer);
  } catch (error) {
    if (error instanceof PointerError) return [];
    throw error;
  }
}

function readPointer(pointer: string): readonly Pointed[] {
  return readDvcPointer(readFileSync(pointer, "utf8"), pointer).map((out) => ({
    pointer,
    out,
    place: placeOut(pointer, out),
  }));
}

function refuseAbsent({ pointer, out, place }: Pointed, name: string, option: string): void {
  if (existsSync(place)) return;
  const what = name === place ? "it" : `"${place}"`;
  throw new ExitError(
    2,
    `Cannot read "${name}" of ${option}: ${what} is not here, and the pointer "${pointer}" stands for it (md5 ${out.md5}); bring it with "trainyard data pull ${place}"`,
  );
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
