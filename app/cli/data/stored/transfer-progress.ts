import { formatSize } from "#core/message/format.ts";
import { Progress } from "#cli/check/progress.ts";

const drawEveryMs = 100;
const sayAfterMs = 1_000;
const sayEveryMs = 10_000;

/** How far a transfer is, on standard error: drawn on a terminal, said now and then elsewhere once it takes a second. */
export class TransferProgress {
  readonly #progress = new Progress();
  readonly #what: string;
  readonly #began = performance.now();
  #last = 0;

  constructor(what: string) {
    this.#what = what;
  }

  readonly onBytes = (shown: string, done: number, size: number | undefined): void => {
    const now = performance.now();
    const since = now - this.#last;
    if (process.stderr.isTTY ? since < drawEveryMs : now - this.#began < sayAfterMs || since < sayEveryMs) return;
    this.#last = now;
    const share = size === undefined || size === 0 ? "" : `, ${Math.floor((100 * done) / size)} %`;
    this.#progress.step(`${this.#what} ${shown}: ${formatSize(done)}${share}`);
  };

  clear(): void {
    this.#progress.clear();
  }
}
