/** What a column's values are, whatever their width and encoding. `empty`: it has none, so it agrees with everything. */
export type ColumnKind =
  | "empty"
  | "integer"
  | "single"
  | "double"
  | "decimal"
  | "boolean"
  | "date"
  | "timestamp"
  | "text"
  | "other";

/** The kind of a type, by DuckDB's name of it. */
export function kindOf(type: string): ColumnKind {
  const upper = type.toUpperCase();
  if (/^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/.test(upper) || /^DECIMAL\(\d+,0\)$/.test(upper)) return "integer";
  if (upper === "FLOAT") return "single";
  if (upper === "DOUBLE") return "double";
  if (/^DECIMAL\(\d+,\d+\)$/.test(upper)) return "decimal";
  if (upper === "BOOLEAN") return "boolean";
  if (upper === "DATE") return "date";
  if (/^TIMESTAMP(?:_S|_MS|_NS| WITH TIME ZONE)?$/.test(upper)) return "timestamp";
  if (upper === "VARCHAR" || upper === "UUID" || /^ENUM\([^]*\)$/.test(upper)) return "text";
  return upper === '"NULL"' || upper === "NULL" ? "empty" : "other";
}

/** The kind as people say it: a number is one whether it was written 1, 1.0 or in 32 bits. */
export function sayKind(kind: ColumnKind, type: string): string {
  if (kind === "integer" || kind === "single" || kind === "double" || kind === "decimal") return "number";
  if (kind === "date" || kind === "timestamp") return "date";
  return kind === "other" ? type.toLowerCase().slice(0, 200) : kind;
}
