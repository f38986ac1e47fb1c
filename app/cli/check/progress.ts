import { plainLine } from "#core/message/escape.ts";

/** What is going on, on standard error: one line that changes on a terminal, a line a step elsewhere. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  readonly #started = performance.now();
  #step = "";
  #shown = false;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  /** Something begins. */
  step(what: string): void {
    this.#step = what;
    if (this.#out.isTTY) this.#draw("");
    else this.#out.write(`${this.#seconds()}  ${plainLine(what, 200)}\n`);
  }

  /** A line that a command of the team printed; a stranger's. */
  line(text: string): void {
    if (this.#out.isTTY && text.trim() !== "") this.#draw(text);
  }

  /** Something that stays to be read. */
  note(text: string): void {
    this.clear();
    this.#out.write(`${text}\n`);
  }

  clear(): void {
    if (this.#shown) this.#out.write("\r\u001b[K");
    this.#shown = false;
  }

  #draw(line: string): void {
    const width = Math.max(20, (this.#out.columns || 80) - 1);
    const said = `${this.#seconds()}  ${this.#step}${line === "" ? "…" : `: ${line}`}`;
    this.#out.write(`\r\u001b[K\u001b[2m${plainLine(said, width)}\u001b[0m`);
    this.#shown = true;
  }

  #seconds(): string {
    return `${((performance.now() - this.#started) / 1_000).toFixed(1)} s`.padStart(7);
  }
}
