import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const block = 1000;

/** Ids that are never given twice, not even after a crash: a block of them is taken on disk before the first is used. */
export class Counter {
  readonly #file: string;
  #last: number;
  #taken: number;

  constructor(file: string) {
    this.#file = file;
    this.#taken = existsSync(file) ? Number(readFileSync(file, "utf8")) : block;
    this.#last = this.#taken;
  }

  next(): number {
    this.#last += 1;
    if (this.#last > this.#taken) this.#take(this.#taken + block);
    return this.#last;
  }

  /** Gives back what was taken and not used. */
  close(): void {
    if (this.#taken !== this.#last) this.#take(this.#last);
  }

  #take(upTo: number): void {
    this.#taken = upTo;
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.fresh`, String(upTo));
    renameSync(`${this.#file}.fresh`, this.#file);
  }
}
