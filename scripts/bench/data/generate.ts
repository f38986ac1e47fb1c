import { mkdir, rename, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quoteText } from "#data/sql-text.ts";
import { say } from "../figure.ts";

/** Two Parquet files of the same twenty columns; the second has drifted in three of them. */
export type Pair = { reference: string; current: string; rows: number };

/** Makes the pair, or finds it where an earlier run left it. The same rows give the same values everywhere. */
export async function generatePair(rows: number): Promise<Pair> {
  const folder = join(tmpdir(), "trainyard-bench-data-2");
  await mkdir(folder, { recursive: true });
  const [reference, current] = [join(folder, `reference-${rows}.parquet`), join(folder, `current-${rows}.parquet`)];
  await generate(reference, rows, 1);
  await generate(current, rows, 2);
  return { reference, current, rows };
}

async function generate(path: string, rows: number, seed: number): Promise<void> {
  if (await stat(path).catch(() => undefined)) return;
  say(`makes ${path}`);
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "700MB", threads: "2" });
  const connection = await instance.connect();
  const later = seed === 2;
  // numbers in (0, 1) that follow from seed, row and column alone; the sum of four is near to normal
  const u = (column: number): string =>
    `((hash(i * 64 + ${column} + ${seed}000000000000) >> 11)::DOUBLE / 9007199254740992)`;
  const normal = (column: number): string =>
    `((${u(column)} + ${u(column + 1)} + ${u(column + 2)} + ${u(column + 3)} - 2) * 1.7320508)`;
  const some = (share: number, column: number, value: string): string =>
    `CASE WHEN ${u(column)} < ${share} THEN NULL ELSE ${value} END`;
  const columns = [
    ["income", `exp(10.5 + 0.6 * ${normal(0)}${later ? " + 0.1" : ""})`],
    ["score", normal(4)],
    ["balance", some(0.05, 63, `round(1000 * ${normal(8)}, 2)`)],
    ["latency", `5 / pow(1 - ${u(12)}, 0.7)`],
    ["ratio", u(13)],
    ["price", `round(exp(3 + ${normal(14)}), 2)`],
    ["temperature", `(15 + 9 * ${normal(18)}${later ? " + 3" : ""})::FLOAT`],
    ["weight", some(0.02, 62, `(70 + 12 * ${normal(22)})::FLOAT`)],
    ["humidity", `(100 * ${u(26)})::FLOAT`],
    ["age", `(18 + floor(60 * ${u(27)}))::INTEGER`],
    ["visits", `floor(-8 * ln(1 - ${u(28)}))::INTEGER`],
    ["clicks", some(later ? 0.06 : 0.02, 61, `floor(exp(4 + ${normal(29)}))::INTEGER`)],
    ["day", `(i % 7)::SMALLINT`],
    ["amount_cents", `floor(exp(9 + ${normal(33)}))::BIGINT`],
    ["customer_id", `(hash(i + ${seed}000000000) >> 24)::BIGINT`],
    ["seen_at", `TIMESTAMP '2025-01-01' + to_microseconds((31536000000000 * ${u(37)})::BIGINT)`],
    ["plan", `['free', 'basic', 'plus', 'team'][1 + floor(4 * pow(${u(38)}, 1.5))::INTEGER]`],
    ["country", some(0.01, 60, `'country-' || floor(30 * pow(${u(39)}, 2))::INTEGER`)],
    ["shop", `'shop ' || lpad(floor(1000 * pow(${u(40)}, 1.5))::INTEGER::VARCHAR, 4, '0')`],
    ["product", `'product-' || lpad(floor(20000 * pow(${u(41)}, 2))::INTEGER::VARCHAR, 6, '0')`],
  ];
  const select = columns.map(([name, value]) => `${value} AS "${name}"`).join(", ");
  await connection.run("SET preserve_insertion_order=true");
  await connection.run(
    `COPY (SELECT ${select} FROM range(${rows}) r(i)) TO ${quoteText(`${path}.part`)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  connection.closeSync();
  instance.closeSync();
  await rename(`${path}.part`, path);
}
