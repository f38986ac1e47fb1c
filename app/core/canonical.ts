import { createHash } from "node:crypto";
import { parseSha256, type Sha256 } from "#core/names.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The one JSON text of a value: no white space, object keys sorted by UTF-16 code units, strings and numbers as
 * `JSON.stringify` writes them (RFC 8785). Throws a TypeError on NaN and infinities, which JSON cannot say.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`Cannot write ${value} as JSON`);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`).join(",")}}`;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** SHA-256 of bytes, or of a text's UTF-8. */
export function digest(bytes: Uint8Array | string): Sha256 {
  return parseSha256(createHash("sha256").update(bytes).digest("hex"));
}
