import { createWriteStream } from "node:fs";
import { once } from "node:events";

type Tensor = { name: string; shape: readonly number[]; data: readonly unknown[] };
/** One answered request. Ids and inputs come from clients: untrusted. */
export type Answered = {
  /** ISO 8601 */
  at: string;
  version: string;
  /** of the request, or one a row */
  id: string | readonly string[] | undefined;
  inputs: readonly Tensor[];
  outputs: readonly Tensor[];
};

/** Wider tensors (pictures, embeddings) are not logged. */
const mostColumns = 100;
/** Lines held while the disk is slow; more are dropped, and counted. */
const mostWaitingBytes = 32 * 1024 * 1024;

/** A file of JSON lines, one a row that was answered: `id`, `at`, `version`, inputs and outputs by name. */
export class AnswersLog {
  readonly #path: string;
  readonly #stream;
  readonly #onProblem: (message: string) => void;
  #dropped = 0;

  /** Appends to the file. A disk that is full or slow never keeps an answer from its client: `onProblem` says so, once. */
  constructor(path: string, onProblem: (message: string) => void) {
    this.#path = path;
    this.#onProblem = onProblem;
    this.#stream = createWriteStream(path, { flags: "a", mode: 0o600 });
    this.#stream.on("error", (error) => this.#drop(error.message));
  }

  get dropped(): number {
    return this.#dropped;
  }

  add(answered: Answered): void {
    if (this.#stream.destroyed) return this.#drop("it cannot be written to");
    if (this.#stream.writableLength > mostWaitingBytes) return this.#drop("the disk is too slow");
    this.#stream.write(rowsOf(answered));
  }

  async close(): Promise<void> {
    if (this.#stream.destroyed) return;
    this.#stream.end();
    await once(this.#stream, "close").catch(() => undefined);
  }

  #drop(because: string): void {
    if (this.#dropped++ === 0) this.#onProblem(`Answers are no longer logged to "${this.#path}": ${because}`);
  }
}

function rowsOf({ at, version, id, inputs, outputs }: Answered): string {
  const count = outputs.find(({ shape }) => shape.length > 0)?.shape[0] ?? 1;
  const tensors = [...inputs, ...outputs].filter((tensor) => tensor.data.length <= count * mostColumns);
  let lines = "";
  for (let row = 0; row < count; row++) {
    const line: Record<string, unknown> = { id: idOf(id, row, count), at, version };
    for (const tensor of tensors) addValues(line, tensor, row, count);
    lines += `${JSON.stringify(line)}\n`;
  }
  return lines;
}

function idOf(id: Answered["id"], row: number, count: number): string | null {
  if (typeof id !== "object") return id === undefined ? null : count === 1 ? id : `${id}/${row}`;
  return id[row] ?? null;
}

/** One value a row under the tensor's name; several as `name.0`, `name.1`. A name of the line itself is not overwritten. */
function addValues(line: Record<string, unknown>, { name, data }: Tensor, row: number, count: number): void {
  const width = data.length / count;
  if (!Number.isInteger(width)) return;
  for (let column = 0; column < width; column++) {
    const key = width === 1 ? name : `${name}.${column}`;
    if (!Object.hasOwn(line, key)) line[key] = data[row * width + column];
  }
}
