import { link, copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBDataChunk } from "@duckdb/node-api";
import { DataError } from "./data-error.ts";
import { quoteText } from "./sql-text.ts";

/** A locked-down DuckDB: it sees the files it was opened for and nothing else. Close it when done. */
export type Database = {
  /** Runs one statement of ours; answers its columns by name. Throws a DataError after `timeoutMs`. */
  query(sql: string, values?: readonly (string | number)[]): Promise<ReadonlyMap<string, readonly unknown[]>>;
  /** As `query`, but hands over the answer in pieces of some thousand rows, which are gone when `take` returns. */
  stream(sql: string, take: (chunk: DuckDBDataChunk) => void): Promise<void>;
  /**
   * Hands over `values` (SQL expressions) of all rows of `from`, in pieces and in any order, from where the engine has just
   * put them: nothing is copied for it, and a piece is gone when `take` returns. Answers how many rows there were.
   */
  scan(values: readonly string[], from: string, take: (chunk: DuckDBDataChunk) => void): Promise<number>;
  /** The name under which a file may be read: never a pattern, whatever the file is called. */
  readable(path: string): string;
  /** a query did not stop when it was told to: nothing more can be asked, and the process must not wait for it */
  isStuck(): boolean;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** absolute paths that may be read */
  reads: readonly string[];
  /** absolute paths that may be written */
  writes?: readonly string[];
  memoryMb?: number | undefined;
  threads?: number;
  timeoutMs?: number | undefined;
  /** false: rows come in any order, which takes less memory and time; default true */
  ordered?: boolean;
};

/** The engine looks up from its work between blocks of rows only: a function that works on one value is not stopped. */
const graceMs = 2_000;
let stuckQueries = 0;

/**
 * Ends this process with `code` where a query is still running that does not stop: an ordinary exit would wait for it.
 * Does nothing otherwise, nor where the system cannot (Windows).
 */
export function leaveIfStuck(code: number): void {
  if (stuckQueries > 0) process.execve?.("/bin/sh", ["sh", "-c", `exit ${code}`]);
}

/** Opens an in-memory DuckDB with no network, no extensions, no settings to change and only these files to see. */
export async function openDuckDb(options: DatabaseOptions): Promise<Database> {
  const { ANY, BOOLEAN, DuckDBInstance, DuckDBScalarFunction } = await import("@duckdb/node-api");
  const scratch = await mkdtemp(join(tmpdir(), "trainyard-data-"));
  const names = new Map<string, string>();
  try {
    for (const path of options.reads) names.set(path, await stage(path, scratch, names.size));
    const instance = await DuckDBInstance.create(":memory:", {
      threads: String(options.threads ?? 2),
      memory_limit: `${options.memoryMb ?? 2048}MB`,
      temp_directory: join(scratch, "spill"),
      max_temp_directory_size: "8GB",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      allow_community_extensions: "false",
      errors_as_json: "false",
      preserve_insertion_order: String(options.ordered ?? true),
    });
    const connection = await instance.connect();
    const allowed = [...names.values(), ...(options.writes ?? [])];
    if (allowed.length > 0) await connection.run(`SET allowed_paths=[${allowed.map(quoteText).join(",")}]`);
    await connection.run("SET enable_external_access=false");
    await connection.run("SET lock_configuration=true");
    const timeoutMs = options.timeoutMs ?? 60_000;
    let stuck = false;
    let scans = 0;
    const guard = async <T>(work: () => Promise<T>): Promise<T> => {
      if (stuck) throw sayLate(timeoutMs);
      let late = false;
      let give: (error: DataError) => void = () => {};
      const lost = new Promise<never>((_, reject) => (give = reject));
      const timers = [
        setTimeout(() => {
          late = true;
          connection.interrupt();
          timers.push(
            setTimeout(() => {
              stuck = true;
              stuckQueries++;
              give(sayLate(timeoutMs));
            }, graceMs),
          );
        }, timeoutMs),
      ];
      try {
        return await Promise.race([work(), lost]);
      } catch (error) {
        if (late) throw sayLate(timeoutMs, error);
        throw new Error(oneLine(error), { cause: error });
      } finally {
        for (const timer of timers) clearTimeout(timer);
      }
    };
    return {
      query: (sql, values) =>
        guard(async () => {
          const reader = await connection.runAndReadAll(sql, values === undefined ? undefined : [...values]);
          const columns = reader.getColumns();
          return new Map(reader.columnNames().map((name, index) => [name, columns[index] ?? []]));
        }),
      stream: (sql, take) =>
        guard(async () => {
          const result = await connection.stream(sql);
          for (;;) {
            // oxlint-disable-next-line no-await-in-loop -- a stream
            const chunk = await result.fetchChunk();
            if (chunk === null || chunk.rowCount === 0) return;
            take(chunk);
          }
        }),
      scan: (values, from, take) =>
        guard(async () => {
          const name = `trainyard_take_${++scans}`;
          const failures: unknown[] = [];
          const mainFunction = (_: unknown, chunk: DuckDBDataChunk): void => {
            if (failures.length > 0) return;
            try {
              take(chunk);
            } catch (error) {
              failures.push(error);
              connection.interrupt();
            }
          };
          const about = { varArgsType: ANY, returnType: BOOLEAN, specialHandling: true, volatile: true };
          connection.registerScalarFunction(DuckDBScalarFunction.create({ name, mainFunction, ...about }));
          const sql = `SELECT count(${name}(${values.join(", ")}))::DOUBLE FROM ${from}`;
          const counted = await connection.runAndReadAll(sql).catch((error: unknown) => {
            throw failures[0] ?? error;
          });
          if (failures.length > 0) throw failures[0];
          return Number(counted.getColumns()[0]?.[0]);
        }),
      readable(path) {
        const name = names.get(path);
        if (name === undefined) throw new RangeError(`Cannot read "${path}": the database was not opened for it`);
        return name;
      },
      isStuck: () => stuck,
      async close() {
        // closing waits for what is still running
        if (!stuck) {
          connection.closeSync();
          instance.closeSync();
        }
        await rm(scratch, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    throw error;
  }
}

function sayLate(timeoutMs: number, cause?: unknown): DataError {
  const message = `A query on the data took longer than ${timeoutMs / 1000} s and was stopped`;
  return new DataError("timed-out", message, { cause });
}

/** The engine says a thing in many lines, with drawings: the first three hold what a person needs. */
function oneLine(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split("\n").map((line) => line.trim());
  return (
    lines
      // a line of our own SQL, and the mark below it
      .filter((line) => line !== "" && line !== "^" && !/^LINE \d+:/.test(line))
      .slice(0, 3)
      .join("; ")
      .slice(0, 500)
  );
}

/** DuckDB takes `*`, `?` and `[` in a file's name for a pattern: such a file gets a second, harmless name. */
async function stage(path: string, scratch: string, index: number): Promise<string> {
  if (!/[*?[\]{}]/.test(path)) return path;
  const name = join(scratch, `${index}${/\.gz$/i.test(path) ? ".gz" : ""}`);
  try {
    await link(path, name);
  } catch {
    await copyFile(path, name);
  }
  return name;
}

/** A column of text as strings; an absent column is none. */
export function texts(column: readonly unknown[] | undefined): readonly string[] {
  return (column ?? []).map((value) => (typeof value === "string" ? value : String(value)));
}
