import type { DuckDBDataChunk } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import { loadBlock, type Scale } from "#core/profile/count/kernel.ts";
import { storages, type Storage } from "#core/profile/count/load-code.ts";

/**
 * Fills the kernel's block with what is not null in a column of numbers, and answers how many these are. By the bindings
 * themselves: their wrapper makes half a dozen objects of each vector.
 */
export function loadVector(
  { chunk }: DuckDBDataChunk,
  column: number,
  rows: number,
  storage: Storage,
  scale: Scale | undefined,
): number {
  const vector = duckdb.data_chunk_get_vector(chunk, column);
  const raw = duckdb.vector_get_data(vector, rows * storages[storage]);
  // null where no value is: the declaration does not say so
  const validity: Uint8Array | null = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8);
  return loadBlock(raw, rows, storage, validity ?? undefined, scale);
}

/** Throws where a vector holds numbers in another way than was expected of it. */
export function checkStorage({ chunk }: DuckDBDataChunk, column: number, storage: Storage): void {
  const type = duckdb.get_type_id(duckdb.vector_get_column_type(duckdb.data_chunk_get_vector(chunk, column)));
  if (storageOf.get(type) !== storage)
    throw new TypeError(`Cannot read numbers: the engine's type ${type} is not stored as ${storage}`);
}

const { Type } = duckdb;
const storageOf: ReadonlyMap<number, Storage> = new Map<number, Storage>([
  [Type.TINYINT, "i8"],
  [Type.UTINYINT, "u8"],
  [Type.SMALLINT, "i16"],
  [Type.USMALLINT, "u16"],
  [Type.INTEGER, "i32"],
  [Type.UINTEGER, "u32"],
  [Type.DATE, "i32"],
  [Type.FLOAT, "f32"],
  [Type.BIGINT, "i64"],
  [Type.TIMESTAMP, "i64"],
  [Type.TIMESTAMP_TZ, "i64"],
  [Type.TIME, "i64"],
  [Type.DOUBLE, "f64"],
]);
