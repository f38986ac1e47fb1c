import type { Scale } from "#core/profile/count/kernel.ts";
import type { Storage } from "#core/profile/count/load-code.ts";
import type { ProfileType } from "#core/profile/table-profile.ts";
import { quoteName } from "#data/sql-text.ts";

/** How numbers come out of the engine: as they are, days or microseconds since 1970, or microseconds of a day. */
export type NumberUnit = "as-is" | "days" | "microseconds" | "day-microseconds";

/** Times become seconds. Their "infinity" is the largest number there is, "-infinity" its negative. */
export const scales: Readonly<Record<NumberUnit, Scale | undefined>> = {
  "as-is": undefined,
  days: { factor: 86_400, divisor: 1, limit: (2 ** 31 - 1) * 86_400 },
  microseconds: { factor: 1, divisor: 1e6, limit: 2 ** 63 / 1e6 },
  "day-microseconds": { factor: 1, divisor: 1e6, limit: Number.POSITIVE_INFINITY },
};

/** How a column is profiled, and the SQL that gives what is to be counted. */
export type ColumnKind =
  | {
      kind: "numbers";
      type: Extract<ProfileType, "integer" | "number" | "float32" | "time">;
      unit: NumberUnit;
      storage: Storage;
      sql: string;
    }
  | { kind: "levels"; type: "text" | "boolean"; sql: string }
  | { kind: "nested"; sql: string };

const plain: ReadonlyMap<string, Storage> = new Map([
  ["TINYINT", "i8"],
  ["UTINYINT", "u8"],
  ["SMALLINT", "i16"],
  ["USMALLINT", "u16"],
  ["INTEGER", "i32"],
  ["UINTEGER", "u32"],
  ["BIGINT", "i64"],
]);
const nested = /^(?:BLOB|STRUCT\b|MAP\b|UNION\b|GEOMETRY|VARIANT)|\]$/;

/** `type`: DuckDB's name of it; `named`: the column names things, whatever it looks like. */
export function columnKind(name: string, type: string, named: boolean): ColumnKind {
  const sql = quoteName(name);
  if (nested.test(type)) return { kind: "nested", sql };
  if (type === "BOOLEAN") return { kind: "levels", type: "boolean", sql };
  const text: ColumnKind = { kind: "levels", type: "text", sql: `${sql}::VARCHAR` };
  if (named) return text;
  const whole = plain.get(type);
  if (whole !== undefined) return { kind: "numbers", type: "integer", unit: "as-is", storage: whole, sql };
  // whole numbers that may need more than 64 bits: the nearest double
  if (/^(?:UBIGINT|U?HUGEINT|BIGNUM)$/.test(type))
    return { kind: "numbers", type: "integer", unit: "as-is", storage: "f64", sql: `${sql}::DOUBLE` };
  if (type === "FLOAT") return { kind: "numbers", type: "float32", unit: "as-is", storage: "f32", sql };
  if (type === "DOUBLE") return { kind: "numbers", type: "number", unit: "as-is", storage: "f64", sql };
  if (type.startsWith("DECIMAL"))
    return { kind: "numbers", type: "number", unit: "as-is", storage: "f64", sql: `${sql}::DOUBLE` };
  if (type === "DATE") return { kind: "numbers", type: "time", unit: "days", storage: "i32", sql };
  if (type === "TIMESTAMP" || type === "TIMESTAMP WITH TIME ZONE")
    return { kind: "numbers", type: "time", unit: "microseconds", storage: "i64", sql };
  if (type.startsWith("TIMESTAMP_"))
    return { kind: "numbers", type: "time", unit: "microseconds", storage: "i64", sql: `${sql}::TIMESTAMP` };
  if (type === "TIME") return { kind: "numbers", type: "number", unit: "day-microseconds", storage: "i64", sql };
  return text;
}
