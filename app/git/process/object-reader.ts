import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { ServiceError } from "#core/ports.ts";
import { holdChild } from "./hold-child.ts";
import { gitArguments, gitEnvironment } from "./run-git.ts";

export type GitObject = { id: string; kind: "commit" | "tree" | "blob" | "tag"; bytes: Buffer };

export type ObjectReader = {
  /** The object of this name (an id, or `id:path`), or undefined. */
  read(name: string): Promise<GitObject | undefined>;
  close(): void;
};

type Waiting = { resolve(object: GitObject | undefined): void; reject(error: Error): void };

/** Reads objects through one `git cat-file --batch`, started when first needed, which never keeps the process alive. */
export function objectReader(folder: string, env: Readonly<Record<string, string>> = {}): ObjectReader {
  let child: ChildProcessWithoutNullStreams | undefined;
  const waiting: Waiting[] = [];

  function start(): ChildProcessWithoutNullStreams {
    const started = spawn("git", gitArguments(["cat-file", "--batch"]), { cwd: folder, env: gitEnvironment(env) });
    const answers = answerParser((object) => {
      waiting.shift()?.resolve(object);
      if (waiting.length === 0) holdChild(started, false);
    });
    const end = (because: string): void => {
      if (child !== started) return;
      child = undefined;
      const error = new ServiceError("broken", `Cannot read git objects in "${folder}": ${because}`);
      for (const one of waiting.splice(0)) one.reject(error);
    };
    let complaint = "";
    started.stdout.on("data", answers);
    started.stderr.on("data", (chunk: Buffer) => (complaint = `${complaint}${chunk.toString("utf8")}`.slice(-1_000)));
    started.stdin.on("error", () => undefined);
    started.on("error", (error) => end(error.message));
    started.on("close", () => end(complaint.trim() === "" ? "git ended" : complaint.trim()));
    return started;
  }

  return {
    read(name) {
      // one request is one line
      if (/[\n\r\0]/.test(name)) return Promise.resolve(undefined);
      child ??= start();
      const { promise, resolve, reject } = Promise.withResolvers<GitObject | undefined>();
      if (waiting.length === 0) holdChild(child, true);
      waiting.push({ resolve, reject });
      child.stdin.write(`${name}\n`);
      return promise;
    },
    close() {
      child?.stdin.end();
    },
  };
}

/** Cuts the batch output into objects: `<id> <kind> <size>` LF bytes LF, or `<name> missing` LF. */
function answerParser(emit: (object: GitObject | undefined) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let length = 0;
  let head: { id: string; kind: GitObject["kind"]; size: number } | undefined;

  return (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    for (;;) {
      if (head !== undefined && length < head.size + 1) return;
      const all = chunks.length === 1 ? (chunks[0] ?? chunk) : Buffer.concat(chunks);
      let rest: Buffer;
      if (head === undefined) {
        const end = all.indexOf(10);
        if (end === -1) {
          chunks = [all];
          return;
        }
        head = parseHead(all.toString("utf8", 0, end));
        rest = all.subarray(end + 1);
        if (head === undefined) emit(undefined);
      } else {
        emit({ id: head.id, kind: head.kind, bytes: all.subarray(0, head.size) });
        rest = all.subarray(head.size + 1);
        head = undefined;
      }
      chunks = [rest];
      length = rest.length;
      if (length === 0) return;
    }
  };
}

function parseHead(line: string): { id: string; kind: GitObject["kind"]; size: number } | undefined {
  const match = /^([0-9a-f]{40}|[0-9a-f]{64}) (commit|tree|blob|tag) (\d+)$/.exec(line);
  if (match === null) return undefined;
  const [, id = "", kind, size] = match;
  return kind === "commit" || kind === "tree" || kind === "tag"
    ? { id, kind, size: Number(size) }
    : { id, kind: "blob", size: Number(size) };
}
