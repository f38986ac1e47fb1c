import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { gitEnvironment } from "./run-git.ts";

export type ObjectKind = "commit" | "tree" | "blob" | "tag";
export type ObjectHead = { sha: string; kind: ObjectKind; size: number };
export type GitObject = ObjectHead & { bytes: Buffer };

type Waiting = { contents: boolean; resolve: (found: GitObject | undefined) => void; reject: (cause: Error) => void };

const header = /^([0-9a-f]{40,64}) (commit|tree|blob|tag) (\d+)$/;
const none = Buffer.alloc(0);

/** One `git cat-file --batch-command` kept open: a read costs no new process. Refs are read afresh each time. */
export class ObjectReader {
  readonly #folder: string;
  #child: ChildProcessWithoutNullStreams | undefined;
  #waiting: Waiting[] = [];
  #head = none;
  #body: { head: ObjectHead; chunks: Buffer[]; missing: number } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Kind, size and id of an object named by id or full ref name (`^{commit}` may follow). */
  info(name: string): Promise<ObjectHead | undefined> {
    return this.#ask("info", name);
  }

  contents(name: string): Promise<GitObject | undefined> {
    return this.#ask("contents", name);
  }

  close(): void {
    this.#child?.stdin.end();
    this.#child = undefined;
  }

  #ask(command: "info" | "contents", name: string): Promise<GitObject | undefined> {
    // attacker-controlled: a line break in a name would be a second command
    if (name === "" || /[\n\0]/.test(name)) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      const child = (this.#child ??= this.#start());
      this.#waiting.push({ contents: command === "contents", resolve, reject });
      child.stdin.write(`${command} ${name}\n`);
    });
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = spawn("git", ["-C", this.#folder, "cat-file", "--batch-command"], { env: gitEnvironment() });
    this.#head = none;
    this.#body = undefined;
    child.stdout.on("data", (chunk: Buffer) => this.#take(chunk));
    child.stderr.resume();
    child.stdin.on("error", () => {});
    const end = (cause: Error): void => {
      if (this.#child === child) this.#child = undefined;
      for (const one of this.#waiting.splice(0)) one.reject(cause);
    };
    child.on("error", end);
    child.on("close", () => end(new Error(`git cat-file ended in "${this.#folder}"`)));
    return child;
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#body !== undefined) {
        const body = this.#body;
        const part = rest.subarray(0, body.missing);
        body.chunks.push(part);
        body.missing -= part.length;
        rest = rest.subarray(part.length);
        if (body.missing === 0) {
          this.#body = undefined;
          // the last byte is the line break that cat-file adds
          this.#answer({ ...body.head, bytes: Buffer.concat(body.chunks).subarray(0, body.head.size) });
        }
        continue;
      }
      const end = rest.indexOf(10);
      if (end < 0) {
        this.#head = Buffer.concat([this.#head, rest]);
        return;
      }
      const line = Buffer.concat([this.#head, rest.subarray(0, end)]).toString("utf8");
      this.#head = none;
      rest = rest.subarray(end + 1);
      this.#line(line);
    }
  }

  #line(line: string): void {
    const match = header.exec(line);
    if (match === null) return this.#answer(undefined);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the expression admits these four words only
    const head = { sha: match[1] ?? "", kind: match[2] as ObjectKind, size: Number(match[3]) };
    if (this.#waiting[0]?.contents === true) this.#body = { head, chunks: [], missing: head.size + 1 };
    else this.#answer({ ...head, bytes: none });
  }

  #answer(found: GitObject | undefined): void {
    this.#waiting.shift()?.resolve(found);
  }
}
