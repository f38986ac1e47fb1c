import { StringDecoder } from "node:string_decoder";

const newline = 10;

/** Bytes kept from each end of what a command prints: enough to read, too little to fill a disk. */
export const keptBytes = 512 * 1024;
const liveBytes = 32 * 1024 * 1024;
const lineCharacters = 4_000;

/**
 * Keeps the head and the tail of what a command prints and hands its lines on, in memory that does not grow with the
 * output. Attacker-controlled: what comes out of here was printed by the team's code. `secrets` are blotted out.
 */
export class Capture {
  readonly #secrets: readonly string[];
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #decoder = new StringDecoder("utf8");
  #head = Buffer.alloc(0);
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #seenBytes = 0;
  #line = "";
  #liveStopped = false;

  constructor(options: { secrets?: readonly string[] | undefined; onLine?: ((line: string) => void) | undefined }) {
    this.#secrets = linesOf(options.secrets ?? []);
    this.#onLine = options.onLine;
  }

  /** Takes the next bytes. */
  add(chunk: Buffer): void {
    this.#seenBytes += chunk.length;
    this.#live(chunk);
    const room = keptBytes - this.#head.length;
    if (room > 0) this.#head = Buffer.concat([this.#head, chunk.subarray(0, room)]);
    if (chunk.length <= room) return;
    this.#tail.push(chunk.subarray(Math.max(0, room)));
    this.#tailBytes += chunk.length - Math.max(0, room);
    while (this.#tailBytes - (this.#tail[0]?.length ?? 0) >= keptBytes)
      this.#tailBytes -= this.#tail.shift()?.length ?? 0;
  }

  /** Hands on a last line that no line feed ended. */
  end(): void {
    if (this.#line !== "" && !this.#liveStopped) this.#say(this.#line);
    this.#line = "";
  }

  /** What was kept: all of it, or its head and its tail with a line between them that says how much is missing. */
  text(): string {
    const tail = Buffer.concat(this.#tail);
    const kept = tail.subarray(Math.max(0, tail.length - keptBytes));
    const missing = this.#seenBytes - this.#head.length - kept.length;
    if (missing === 0) return this.#blot(decode(Buffer.concat([this.#head, kept])));
    return `${this.#blot(decode(this.#head))}\n… ${missing} bytes left out …\n${this.#blot(decode(kept))}`;
  }

  #live(chunk: Buffer): void {
    if (this.#onLine === undefined || this.#liveStopped) return;
    if (this.#seenBytes > liveBytes) {
      this.#liveStopped = true;
      this.#say("… more was printed than is shown live: the log keeps its end …");
      return;
    }
    let from = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      this.#say(this.#line + this.#decoder.write(chunk.subarray(from, at)));
      this.#line = "";
      from = at + 1;
    }
    this.#line += this.#decoder.write(chunk.subarray(from));
    while (this.#line.length > lineCharacters) {
      this.#say(this.#line.slice(0, lineCharacters));
      this.#line = this.#line.slice(lineCharacters);
    }
  }

  #say(line: string): void {
    this.#onLine?.(this.#blot(line.endsWith("\r") ? line.slice(0, -1) : line));
  }

  #blot(text: string): string {
    let blotted = text;
    for (const secret of this.#secrets) blotted = blotted.replaceAll(secret, "***");
    return blotted;
  }
}

/** A secret of several lines is printed line by line; short ones would blot out half of any log. */
function linesOf(secrets: readonly string[]): readonly string[] {
  const lines = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line.length >= 4))].sort((a, b) => b.length - a.length);
}

/** UTF-8 whose first and last character may have been cut through. */
function decode(bytes: Buffer): string {
  return bytes
    .toString("utf8")
    .replace(/^\uFFFD{1,3}/, "")
    .replace(/\uFFFD$/, "");
}

/** The last `count` characters, not beginning in the middle of one. */
export function lastCharacters(text: string, count: number): string {
  const end = text.slice(-count);
  return /^[\uDC00-\uDFFF]/.test(end) ? end.slice(1) : end;
}
