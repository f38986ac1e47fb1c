import { DataError } from "./data-error.ts";
import type { Database } from "./open-duckdb.ts";
import { quoteText } from "./sql-text.ts";

/** What an expression of the config may be: one value of a row, or also a value over all rows. */
export type ExpressionScope = "row" | "rows";

const plainClasses = new Set([
  "BETWEEN",
  "CASE",
  "CAST",
  "COLUMN_REF",
  "COMPARISON",
  "CONJUNCTION",
  "CONSTANT",
  "FUNCTION",
  "OPERATOR",
]);

/** Functions that the engine writes out as SQL of its own, and that look at nothing but their arguments. */
const plainMacros = new Set([
  "date_add",
  "days_in_month",
  "fdiv",
  "fmod",
  "nullif",
  "round_even",
  "roundbankers",
  "split_part",
]);

/** Functions whose value is as large as an argument says: where it stands, from 0. */
const sizes: ReadonlyMap<string, number> = new Map([
  ["repeat", 1],
  ["lpad", 1],
  ["rpad", 1],
  ["list_resize", 1],
  ["array_resize", 1],
  ["range", 0],
  ["generate_series", 0],
]);
/** Of all of them in one expression together, as one may stand in another; the engine counts none of it as memory. */
const largest = 1_000_000;

/** How much larger a function makes its value; undefined where that is not written down. */
function sizeOf(node: Node, name: string): number | undefined {
  const place = sizes.get(name);
  if (place === undefined) return 1;
  const args = Array.isArray(node["children"]) ? node["children"] : [];
  const argument: unknown = args[place];
  const constant = isObject(argument) && isObject(argument["value"]) ? argument["value"]["value"] : undefined;
  // a range from one number to another may be as long as it likes
  return typeof constant === "number" && (place > 0 || args.length === 1) ? Math.max(1, constant) : undefined;
}

/**
 * Checks SQL that people wrote (attacker-controlled): one expression over the columns of a row, made of operators and
 * functions that always answer the same. No query inside, no window, no random; aggregates only over rows. Answers the
 * names of the columns that it uses. Throws a DataError that names `place`.
 */
export async function checkExpression(
  db: Database,
  sql: string,
  scope: ExpressionScope,
  place: string,
): Promise<readonly string[]> {
  const refuse = (why: string): DataError =>
    new DataError("bad-sql", `Cannot use the SQL "${sql.slice(0, 200)}" of ${place}: ${why}`);
  const statement = `SELECT (\n${sql}\n) AS value FROM rows`;
  const serialised = await db.query(`SELECT json_serialize_sql(${quoteText(statement)})::VARCHAR AS tree`);
  const tree: unknown = JSON.parse(String(serialised.get("tree")?.[0]));
  if (!isObject(tree) || tree["error"] !== false) {
    throw refuse(
      `it is not one expression (${isObject(tree) ? String(tree["error_message"]).slice(0, 200) : "unreadable"})`,
    );
  }
  const expression = onlyExpression(tree);
  if (expression === undefined) throw refuse("it is not one expression");
  const functions = new Set<string>();
  const columns = new Set<string>();
  let size = 1;
  for (const node of walk(expression)) {
    const kind = String(node["class"]);
    if (!plainClasses.has(kind))
      throw refuse(`${kind.toLowerCase()} is not allowed, only operators and functions of the row's columns are`);
    // without brackets the engine takes them for columns first
    const column = kind === "COLUMN_REF" ? String(node["column_names"]) : "";
    if (/^(?:current_(?:date|time|timestamp)|localtime|localtimestamp)$/i.test(column)) {
      throw refuse(`${column} does not always answer the same`);
    }
    const names: unknown = node["column_names"];
    if (kind === "COLUMN_REF" && Array.isArray(names)) columns.add(String(names.at(-1)));
    if (kind !== "FUNCTION") continue;
    const name = String(node["function_name"]).toLowerCase();
    functions.add(name);
    size *= sizeOf(node, name) ?? Number.POSITIVE_INFINITY;
    if (size > largest)
      throw refuse(`${name}() may make values of any size: say how many in a number, up to ${largest} in all`);
  }
  for (const name of functions) await checkFunction(db, name, scope, refuse);
  return [...columns];
}

async function checkFunction(
  db: Database,
  name: string,
  scope: ExpressionScope,
  refuse: (why: string) => DataError,
): Promise<void> {
  const found = await db.query(
    `SELECT DISTINCT function_type AS kind, coalesce(stability, 'CONSISTENT') AS stability FROM duckdb_functions() WHERE function_name = ${quoteText(name)}`,
  );
  const kinds = (found.get("kind") ?? []).map(String);
  if (
    (found.get("stability") ?? []).some((stability) => stability !== "CONSISTENT") ||
    /^(?:current_|session_|getvariable|version|error|sleep|user$)/.test(name)
  ) {
    throw refuse(`${name}() does not always answer the same`);
  }
  if (scope === "row" && kinds.includes("aggregate") && !kinds.includes("scalar")) {
    throw refuse(`${name}() looks at many rows, it must be the value of one row`);
  }
  const written = kinds.some((kind) => kind === "macro" || kind === "table_macro" || kind === "pragma");
  if ((written && !plainMacros.has(name)) || name === "unnest") throw refuse(`${name}() is not allowed`);
}

type Node = Record<string, unknown>;

function isObject(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The select list's only expression, if the statement is nothing but `SELECT (…) AS value FROM rows`. */
function onlyExpression(tree: Node): unknown {
  const statements = tree["statements"];
  const first: unknown = Array.isArray(statements) && statements.length === 1 ? statements[0] : undefined;
  const select = isObject(first) ? first["node"] : undefined;
  if (!isObject(select) || select["type"] !== "SELECT_NODE") return undefined;
  const list = select["select_list"];
  const from = select["from_table"];
  const only: unknown = Array.isArray(list) && list.length === 1 ? list[0] : undefined;
  const plain =
    isObject(from) &&
    from["type"] === "BASE_TABLE" &&
    from["table_name"] === "rows" &&
    from["sample"] === null &&
    isObject(only) &&
    only["alias"] === "value" &&
    ["where_clause", "having", "qualify", "sample"].every((clause) => select[clause] === null) &&
    ["modifiers", "group_expressions", "group_sets"].every(
      (clause) => Array.isArray(select[clause]) && select[clause].length === 0,
    );
  return plain ? only : undefined;
}

/** Every node of an expression that has a class, depth first. */
function* walk(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const entry of value) yield* walk(entry);
  if (!isObject(value)) return;
  if (typeof value["class"] === "string") yield value;
  for (const child of Object.values(value)) yield* walk(child);
}
