import { writeFile } from "node:fs/promises";
import type { Expectation } from "#core/config/config.ts";
import { checkExpectations } from "#data/expect/check-expectations.ts";
import { quoteName, quoteText } from "#data/sql-text.ts";
import type { Pair } from "./generate.ts";
import type { DataStep } from "./step.ts";

const select = "sum every column of one side, or take its ends";
const doubles = ["income", "score", "balance", "latency", "ratio", "price", "temperature", "weight", "humidity"];
const wholes = ["age", "visits", "clicks", "day", "amount_cents"];
const texts = ["plan", "country", "shop", "product"];

/** Forty of every kind, of which about every third fails. */
const expectations: readonly Expectation[] = [
  { kind: "columns", columns: [...doubles, ...wholes], only: false, ordered: true },
  { kind: "row-count", low: 1_000, high: null },
  ...[...doubles, ...wholes, ...texts].map((column): Expectation => ({ kind: "not-null", column })),
  { kind: "between", column: "income", low: 0, high: 200_000 },
  { kind: "between", column: "score", low: -3, high: 3, mostly: 0.99 },
  { kind: "between", column: "ratio", low: 0, high: 1 },
  { kind: "between", column: "temperature", low: -15, high: null },
  { kind: "between", column: "humidity", low: 0, high: 100 },
  { kind: "between", column: "age", low: 18, high: 77 },
  { kind: "between", column: "visits", low: 0, high: 60, level: "warn" },
  { kind: "unique-rows", columns: ["customer_id", "seen_at"] },
  { kind: "in", column: "plan", values: ["free", "basic", "plus"] },
  { kind: "not-in", column: "country", values: ["country-99"] },
  { kind: "matches", column: "product", pattern: "^product-[0-9]{6}$" },
  { kind: "length", column: "shop", low: 9, high: 9 },
  { kind: "type", column: "price", type: "number" },
  { kind: "freshness", column: "seen_at", withinMs: 50 * 365 * 86_400_000 },
  { kind: "references", column: "country", file: "countries.csv", key: "name" },
  { kind: "mean", column: "score", low: -1, high: 1 },
  { kind: "sum", column: "amount_cents", low: 0, high: null },
  { kind: "quantile", column: "price", at: 0.5, low: 10, high: 40 },
  { kind: "not-null", column: "balance", where: "plan = 'team'", mostly: 0.9 },
  { kind: "sql", sql: "price > 0 AND clicks >= 0" },
];

/** Expectations with their failing rows, against a SELECT that only reads the same columns. */
export function benchExpectations(): readonly DataStep[] {
  return [
    { name: select, run: sumOne },
    {
      name: `${expectations.length} expectations with their failing rows`,
      yardstick: select,
      most: { ratio: 2, mib: 1_000 },
      prepare: async (pair) => await writeFile(countriesOf(pair), countries()),
      run: check,
    },
  ];
}

async function check(pair: Pair): Promise<Record<string, number>> {
  const references = new Map([["countries.csv", { path: countriesOf(pair), shown: "countries.csv" }]]);
  const outcomes = await checkExpectations(expectations, [{ path: pair.reference, shown: "reference.parquet" }], {
    references,
  });
  const broken = outcomes.find(({ kind }) => kind === "error");
  if (broken !== undefined) throw new Error(broken.because);
  return {
    "not held": outcomes.filter(({ kind }) => kind === "fail").length,
    "with rows that fail": outcomes.filter(({ rows = [] }) => rows.length > 0).length,
  };
}

const countriesOf = ({ reference }: Pair): string => reference.replace(/\.parquet$/, "-countries.csv");
const countries = (): string => `name\n${Array.from({ length: 29 }, (_, index) => `country-${index}`).join("\n")}\n`;

async function sumOne({ reference }: Pair): Promise<void> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  const file = `read_parquet([${quoteText(reference)}])`;
  const described = await connection.runAndReadAll(`SELECT column_name, column_type FROM (DESCRIBE FROM ${file})`);
  const sums = described.getRows().map(([name, type]) => {
    const column = quoteName(String(name));
    return type === "VARCHAR" || type === "TIMESTAMP" ? `min(${column}), max(${column})` : `sum(${column})`;
  });
  await connection.runAndReadAll(`SELECT ${sums.join(", ")} FROM ${file}`);
  connection.closeSync();
  instance.closeSync();
}
