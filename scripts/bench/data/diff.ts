import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { median, say, type Rated } from "../figure.ts";

const limit = 2;

type Cost = { cpuMs: number; wallMs: number; peakMiB: number; said: string };

/**
 * Two versions of a table of 20 columns, of which 1 % of the rows came, went, or changed in each of two columns, and whose
 * rows are shuffled. The yardstick is one full join of both on the key that counts every column of both, in CPU time.
 */
export async function benchDiff(options: {
  rows: number;
  rounds: number;
}): Promise<{ yardstickMs: number; figures: readonly Rated[]; problems: readonly string[] }> {
  const versions = await makeVersions(options.rows);
  const costs = new Map<string, Cost[]>();
  // in turn, so that what else the machine does falls on all of them
  for (let round = 0; round < options.rounds; round++)
    for (const step of ["join", "diff", "multiset"]) {
      // oxlint-disable-next-line no-await-in-loop -- one process at a time
      const cost = await measure(step, versions);
      say(
        `${step}: ${cost.cpuMs.toFixed(0)} ms CPU, ${cost.wallMs.toFixed(0)} ms, ${cost.peakMiB.toFixed(0)} MiB: ${cost.said}`,
      );
      costs.set(step, [...(costs.get(step) ?? []), cost]);
    }
  const cpuMs = (step: string): number => median((costs.get(step) ?? []).map((cost) => cost.cpuMs));
  const yardstickMs = cpuMs("join");
  const size = `${options.rows / 1e6}M × 20`;
  const figure = (name: string, step: string): Rated => ({
    name,
    milliseconds: cpuMs(step),
    ratio: cpuMs(step) / yardstickMs,
    rounds: options.rounds,
  });
  const keyed = figure(`diff of ${size} by key`, "diff");
  const problems =
    keyed.ratio > limit ? [`${keyed.name} takes ${keyed.ratio.toFixed(2)} times one full join: at most ${limit}`] : [];
  return { yardstickMs, figures: [keyed, figure(`diff of ${size} without a key`, "multiset")], problems };
}

async function measure(step: string, [before, after]: readonly [string, string]): Promise<Cost> {
  const script = join(import.meta.dirname, "diff-step.ts");
  const args = ["--disable-warning=ExperimentalWarning", script, step, before, after];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own process said it
  return JSON.parse(stdout) as Cost;
}

/** Makes the two files, or finds them where an earlier run left them. */
async function makeVersions(rows: number): Promise<readonly [string, string]> {
  const folder = join(tmpdir(), "trainyard-bench-diff-1");
  await mkdir(folder, { recursive: true });
  const [before, after] = [join(folder, `before-${rows}.parquet`), join(folder, `after-${rows}.parquet`)];
  if (existsSync(after)) return [before, after];
  say(`makes ${folder}`);
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", temp_directory: join(folder, "spill") });
  const connection = await instance.connect();
  const share = (column: number): string => `((hash(i, ${column}) >> 11)::DOUBLE / 9007199254740992)`;
  const columns = [
    "i AS id",
    ...Array.from({ length: 9 }, (_, n) => `${share(n)} * ${10 ** (n % 4)} AS d${n}`),
    ...[2, 10, 100, 10_000, 1_000_000].map((levels, n) => `floor(${share(20 + n)} * ${levels})::INTEGER AS n${n}`),
    "TIMESTAMP '2025-01-01' + to_seconds((i * 37)::BIGINT) AS seen_at",
    ...["plan", "country", "shop", "product"].map((name, n) => {
      const level = `'${name}-' || floor(pow(${share(30 + n)}, 2) * ${[4, 30, 1_000, 20_000][n]})::INTEGER`;
      return n === 1 ? `CASE WHEN ${share(40)} < 0.02 THEN NULL ELSE ${level} END AS ${name}` : `${level} AS ${name}`;
    }),
  ];
  const some = (column: number): string => `hash(id, ${column}) % 100 = 0`;
  await connection.run(
    `COPY (SELECT ${columns.join(", ")} FROM range(${rows}) t(i)) TO '${before}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  await connection.run(
    `COPY (SELECT * REPLACE (CASE WHEN ${some(50)} THEN d3 + 1 ELSE d3 END AS d3, CASE WHEN ${some(51)} THEN 'country-new' ELSE country END AS country) ` +
      `FROM (SELECT * FROM '${before}' WHERE NOT ${some(52)} UNION ALL SELECT * REPLACE (id + ${rows} AS id) FROM '${before}' WHERE ${some(53)}) ORDER BY hash(id)) ` +
      `TO '${after}.part' (FORMAT parquet, COMPRESSION zstd)`,
  );
  connection.closeSync();
  instance.closeSync();
  await rename(`${after}.part`, after);
  return [before, after];
}
