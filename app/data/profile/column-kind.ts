import type { ProfileType } from "#core/profile/table-profile.ts";
import { quoteName } from "#data/sql-text.ts";

/** How numbers come out of the engine: as they are, days or microseconds since 1970, or microseconds of a day. */
export type NumberUnit = "as-is" | "days" | "microseconds" | "day-microseconds";

/** How a column is profiled, and the SQL that gives what is to be counted. */
export type ColumnKind =
  | {
      kind: "numbers";
      type: Extract<ProfileType, "integer" | "number" | "float32" | "time">;
      unit: NumberUnit;
      sql: string;
    }
  | { kind: "levels"; type: "text" | "boolean"; sql: string }
  | { kind: "nested"; sql: string };

const plain = /^(?:U?TINYINT|U?SMALLINT|U?INTEGER|BIGINT)$/;
const nested = /^(?:BLOB|STRUCT\b|MAP\b|UNION\b|GEOMETRY|VARIANT)|\]$/;

/** `type`: DuckDB's name of it; `named`: the column names things, whatever it looks like. */
export function columnKind(name: string, type: string, named: boolean): ColumnKind {
  const sql = quoteName(name);
  if (nested.test(type)) return { kind: "nested", sql };
  if (type === "BOOLEAN") return { kind: "levels", type: "boolean", sql };
  const text: ColumnKind = { kind: "levels", type: "text", sql: `${sql}::VARCHAR` };
  if (named) return text;
  if (plain.test(type)) return { kind: "numbers", type: "integer", unit: "as-is", sql };
  // whole numbers that may need more than 64 bits: the nearest double
  if (/^(?:UBIGINT|U?HUGEINT|BIGNUM)$/.test(type))
    return { kind: "numbers", type: "integer", unit: "as-is", sql: `${sql}::DOUBLE` };
  if (type === "FLOAT") return { kind: "numbers", type: "float32", unit: "as-is", sql };
  if (type === "DOUBLE") return { kind: "numbers", type: "number", unit: "as-is", sql };
  if (type.startsWith("DECIMAL")) return { kind: "numbers", type: "number", unit: "as-is", sql: `${sql}::DOUBLE` };
  if (type === "DATE") return { kind: "numbers", type: "time", unit: "days", sql };
  if (type === "TIMESTAMP" || type === "TIMESTAMP WITH TIME ZONE")
    return { kind: "numbers", type: "time", unit: "microseconds", sql };
  if (type.startsWith("TIMESTAMP_"))
    return { kind: "numbers", type: "time", unit: "microseconds", sql: `${sql}::TIMESTAMP` };
  if (type === "TIME") return { kind: "numbers", type: "number", unit: "day-microseconds", sql };
  return text;
}
