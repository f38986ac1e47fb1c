import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Collection } from "#sandbox/forge/contract.ts";

type Line<T> = { put: T } | { remove: number };

/**
 * A collection kept as a journal: one line a change, written before the change is answered, so that a process that dies
 * loses at most a line half written. Opening it rewrites the file to what is left, atomically.
 */
export class Journal<T extends { id: number }> implements Collection<T> {
  readonly #records = new Map<number, T>();
  readonly #file: string;
  #handle: number | undefined;

  constructor(file: string) {
    this.#file = file;
    if (existsSync(file)) this.#replay(readFileSync(file, "utf8"));
  }

  get size(): number {
    return this.#records.size;
  }

  get(id: number): T | undefined {
    return this.#records.get(id);
  }

  list(): T[] {
    return [...this.#records.values()];
  }

  find(test: (record: T) => boolean): T | undefined {
    for (const record of this.#records.values()) if (test(record)) return record;
    return undefined;
  }

  add(record: T): T {
    if (this.#records.has(record.id)) throw new Error(`Record ${record.id} is already in "${this.#file}"`);
    return this.#put(record);
  }

  set(id: number, change: Partial<T>): T {
    const before = this.#records.get(id);
    if (before === undefined) throw new Error(`Record ${id} is not in "${this.#file}"`);
    return this.#put({ ...before, ...change });
  }

  remove(id: number): boolean {
    if (!this.#records.delete(id)) return false;
    this.#write({ remove: id });
    return true;
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  #put(record: T): T {
    this.#write({ put: record });
    this.#records.set(record.id, record);
    return record;
  }

  #write(line: Line<T>): void {
    if (this.#handle === undefined) {
      mkdirSync(dirname(this.#file), { recursive: true });
      this.#handle = openSync(this.#file, "a");
    }
    writeSync(this.#handle, `${JSON.stringify(line)}\n`);
  }

  #replay(text: string): void {
    const lines = text.split("\n");
    // what follows the last line break was never finished
    lines.pop();
    for (const written of lines) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this class wrote the file
      const line = JSON.parse(written) as Line<T>;
      if ("put" in line) this.#records.set(line.put.id, line.put);
      else this.#records.delete(line.remove);
    }
    const fresh = `${this.#file}.fresh`;
    writeFileSync(
      fresh,
      this.list()
        .map((put) => `${JSON.stringify({ put })}\n`)
        .join(""),
    );
    renameSync(fresh, this.#file);
  }
}
