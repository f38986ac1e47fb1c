/** Tells the demo's story, and on a terminal what is going on right now, on the line after it. */
export class Teller {
  readonly #out: NodeJS.WriteStream;
  /** where the last line is drawn: a story that goes into a file has none in it */
  readonly #screen: NodeJS.WriteStream;
  readonly #started = performance.now();
  #busy = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(out: NodeJS.WriteStream = process.stdout, screen: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
    this.#screen = screen;
  }

  chapter(title: string): void {
    this.#clear();
    this.#out.write(`\n${this.#bold(title)}\n`);
  }

  /** One line of the story; Markdown of ours without its marks. */
  say(text: string): void {
    this.#clear();
    this.#out.write(
      `${text
        .split("\n")
        .map((line) => `  ${line}`)
        .join("\n")}\n`,
    );
    this.#draw();
  }

  /** What is going on; "" when nothing is. */
  busy(what: string): void {
    this.#busy = what;
    if (what === "") {
      this.#clear();
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else if (this.#screen.isTTY) {
      this.#draw();
      this.#timer ??= setInterval(() => this.#draw(), 500).unref();
    }
  }

  seconds(): number {
    return (performance.now() - this.#started) / 1_000;
  }

  #draw(): void {
    if (!this.#screen.isTTY || this.#busy === "") return;
    this.#clear();
    this.#screen.write(`  \u001b[2m${this.seconds().toFixed(0)} s  ${this.#busy.slice(0, 90)}\u001b[0m`);
  }

  #clear(): void {
    if (this.#screen.isTTY) this.#screen.write("\r\u001b[K");
  }

  #bold(text: string): string {
    return this.#out.isTTY ? `\u001b[1m${text}\u001b[0m` : text;
  }
}
