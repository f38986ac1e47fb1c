import { createHash } from "node:crypto";
import { closeSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { digestFolder, writeListing } from "#core/pointer/folder-listing.ts";
import { placeOut, type Out } from "#core/pointer/pointer.ts";
import type { LaidPointer } from "./lay-pointers.ts";

/**
 * What is wrong with the data that somebody else's command has laid beside its pointers, as a sentence; undefined where
 * every byte is what its pointer says.
 */
export function findWrongData(pointers: readonly LaidPointer[], folder: string): string | undefined {
  for (const { path, outs } of pointers) {
    for (const out of outs) {
      const because = findWrong(out, join(folder, placeOut(path, out)));
      if (because !== undefined)
        return `"${placeOut(path, out)}" of the pointer "${path}" ${because}: see to it that "fetch" brings exactly what the pointer names`;
    }
  }
  return undefined;
}

function findWrong(out: Out, place: string): string | undefined {
  const look = lstatSync(place, { throwIfNoEntry: false });
  if (look === undefined) return "is not there";
  if (out.folder !== look.isDirectory()) return out.folder ? "is no folder" : "is no file";
  // A link, as DVC makes into its cache, is read where it leads.
  const found = out.folder ? digestAll(place) : hash(place);
  if (found.md5 !== out.md5) return `has the MD5 ${found.md5} instead of ${out.md5}`;
  if (out.sha256 !== undefined && found.sha256 !== out.sha256)
    return `has the SHA-256 ${found.sha256} instead of ${out.sha256}`;
  return undefined;
}

function digestAll(folder: string): { md5: string; sha256: string } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ relpath: relative(folder, file).replaceAll(sep, "/"), ...hash(file) }));
  return { md5: createHash("md5").update(writeListing(files)).digest("hex"), sha256: digestFolder(files) };
}

function hash(file: string): { md5: string; sha256: string } {
  const [md5, sha256] = [createHash("md5"), createHash("sha256")];
  const buffer = Buffer.allocUnsafe(1024 ** 2);
  const open = openSync(file, "r");
  try {
    for (let read = readSync(open, buffer); read > 0; read = readSync(open, buffer)) {
      md5.update(buffer.subarray(0, read));
      sha256.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(open);
  }
  return { md5: md5.digest("hex"), sha256: sha256.digest("hex") };
}
