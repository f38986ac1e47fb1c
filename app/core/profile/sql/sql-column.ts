import type { DialectName } from "./dialect.ts";

/** What a column of a table holds, whatever its engine calls it. */
export type Holds = "integer" | "number" | "float32" | "date" | "timestamp" | "text" | "boolean" | "nested";

/** `name` is untrusted. */
export type SqlColumn = { name: string; holds: Holds };

const rules: Record<DialectName, readonly (readonly [type: RegExp, holds: Holds])[]> = {
  spark: [
    [/^(?:binary|array|map|struct|variant|object|geometry|geography)\b/, "nested"],
    [/^boolean$/, "boolean"],
    [/^(?:tinyint|smallint|int|integer|bigint|long)$/, "integer"],
    [/^(?:float|real)$/, "float32"],
    [/^(?:double|decimal\b.*)$/, "number"],
    [/^date$/, "date"],
    [/^timestamp(?:_ntz|_ltz)?$/, "timestamp"],
  ],
  duckdb: [
    [/^(?:BLOB|STRUCT\b|MAP\b|UNION\b|GEOMETRY|VARIANT)|\]$/, "nested"],
    [/^BOOLEAN$/, "boolean"],
    [/^(?:U?TINYINT|U?SMALLINT|U?INTEGER|U?BIGINT|U?HUGEINT|BIGNUM)$/, "integer"],
    [/^FLOAT$/, "float32"],
    [/^(?:DOUBLE|DECIMAL\b.*)$/, "number"],
    [/^DATE$/, "date"],
    [/^TIMESTAMP\b|^TIMESTAMP_/, "timestamp"],
  ],
};

/** `type`: the engine's name of it; `named`: the column names things, whatever it looks like. */
export function sqlColumn(dialect: DialectName, name: string, type: string, named: boolean): SqlColumn {
  const holds = rules[dialect].find(([pattern]) => pattern.test(type))?.[1] ?? "text";
  return { name, holds: named && holds !== "nested" && holds !== "boolean" ? "text" : holds };
}

export function isNumeric({ holds }: SqlColumn): boolean {
  return holds !== "text" && holds !== "boolean" && holds !== "nested";
}
