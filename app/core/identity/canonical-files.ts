import { canonicalJson, type Json } from "#core/canonical.ts";
import type { TreeEntry } from "./tree.ts";

/** Text that already is canonical JSON. */
export type Written = { json: string };

const rows = new WeakMap<TreeEntry, string>();

/** `[[path, mode, blob], …]` as canonical JSON. A file's row is remembered: many models read the same files. */
export function listFiles(files: readonly TreeEntry[]): Written {
  return { json: `[${files.map(writeRow).join(",")}]` };
}

function writeRow(file: TreeEntry): string {
  const known = rows.get(file);
  if (known !== undefined) return known;
  const row = canonicalJson([file.path, file.mode, file.blob]);
  rows.set(file, row);
  return row;
}

/** Canonical JSON of an object of which some members are written already. Keys are sorted here. */
export function writeObject(
  members: Readonly<Record<string, Written | Exclude<Json, object> | readonly Json[]>>,
): string {
  const keys = Object.keys(members).sort();
  const written = keys.map((key) => `${JSON.stringify(key)}:${writeMember(members[key] ?? null)}`);
  return `{${written.join(",")}}`;
}

function writeMember(member: Written | Exclude<Json, object> | readonly Json[]): string {
  return isWritten(member) ? member.json : canonicalJson(member);
}

function isWritten(member: Written | Exclude<Json, object> | readonly Json[]): member is Written {
  return typeof member === "object" && member !== null && "json" in member;
}
