import { createHash } from "node:crypto";
import * as z from "zod";
import { isBelow } from "./is-below.ts";
import { PointerError } from "./pointer.ts";

/** One file of a folder: its path in it, and the MD5 of its bytes. */
export type ListedFile = { relpath: string; md5: string };

const listingSchema = z.array(z.object({ md5: z.string().regex(/^[0-9a-f]{32}$/), relpath: z.string().min(1) }));

/**
 * The listing of a folder to the byte as DVC writes it, so that its MD5 is the folder's id: Python's json.dumps with
 * sorted keys, everything but ASCII escaped, files in the order of code points.
 */
export function writeListing(files: readonly ListedFile[]): string {
  const entries = files
    .toSorted((a, b) => compareCodePoints(a.relpath, b.relpath))
    .map(({ md5, relpath }) => `{"md5": ${ascii(md5)}, "relpath": ${ascii(relpath)}}`);
  return `[${entries.join(", ")}]`;
}

/** The files of a listing; it is a stranger's, so paths that leave the folder are refused. Throws a `PointerError`. */
export function readListing(bytes: Uint8Array, shown: string): readonly ListedFile[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    value = undefined;
  }
  const parsed = listingSchema.safeParse(value);
  if (!parsed.success) throw new PointerError(`Cannot read the listing of the folder "${shown}": it is none of DVC's`);
  const files = new Set<string>();
  for (const { relpath } of parsed.data) {
    if (!isBelow(relpath))
      throw new PointerError(
        `Cannot read the listing of the folder "${shown}": "${relpath}" is no path below it, or belongs to git or DVC`,
      );
    if (files.has(relpath))
      throw new PointerError(`Cannot read the listing of the folder "${shown}": it has "${relpath}" twice`);
    files.add(relpath);
  }
  for (const path of files)
    for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1))
      if (files.has(path.slice(0, at)))
        throw new PointerError(
          `Cannot read the listing of the folder "${shown}": "${path.slice(0, at)}" is a file and a folder at once`,
        );
  return parsed.data;
}

/** The SHA-256 of a folder: over path and SHA-256 of every file, in the order of code points. */
export function digestFolder(files: readonly { relpath: string; sha256: string }[]): string {
  const hash = createHash("sha256");
  for (const { relpath, sha256 } of files.toSorted((a, b) => compareCodePoints(a.relpath, b.relpath)))
    hash.update(`${sha256}  ${relpath}\0`);
  return hash.digest("hex");
}

function ascii(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** As Python compares texts; JavaScript goes by UTF-16, which puts an emoji before a private character. */
function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
