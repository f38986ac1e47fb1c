import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";
import type { Watchdog } from "./watchdog.ts";

/** How long a process that was asked to end may take before it is asked harder. */
export type Patience = { interruptMs: number; terminateMs: number };

/** GitHub's: SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL. */
export const githubPatience: Patience = { interruptMs: 7500, terminateMs: 2500 };

export type Exit = { code: number | null; signal: string | null };

export type ProcessGroup = {
  id: number;
  exit: Promise<Exit>;
  /** Asks the whole group to end: SIGINT, then SIGTERM, then SIGKILL. */
  stop(patience: Patience): Promise<void>;
  /** Kills whatever is left of the group. */
  kill(): void;
};

export type ProcessStart = {
  command: string;
  args: readonly string[];
  folder: string;
  env: Readonly<Record<string, string>>;
  onLine: (line: string) => void;
  watchdog: Watchdog;
};

/** Node fires a longer timer at once. */
export const longestTimerMs = 2 ** 31 - 1;

/** A line longer than this is cut into several, so that no output fills the memory. */
const maxLineLength = 64 * 1024;
/** Someone in the background may hold the pipes open for ever. */
const drainMs = 500;

/** Starts a command as the leader of a process group of its own. A command that cannot start exits with code 127. */
export function startProcess(start: ProcessStart): ProcessGroup {
  const child = spawn(start.command, start.args, {
    cwd: start.folder,
    env: { ...start.env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const id = child.pid ?? 0;
  if (id !== 0) start.watchdog.watch(id);
  const drained = Promise.all([readLines(child.stdout, start.onLine), readLines(child.stderr, start.onLine)]);
  const exit = new Promise<Exit>((resolve) => {
    child.once("error", (error) => {
      const why = existsSync(start.folder) ? error.message : `there is no folder "${start.folder}"`;
      start.onLine(`##[error]"${start.command}" cannot be started: ${why}`);
      resolve({ code: 127, signal: null });
    });
    child.once("exit", (code, signal) => {
      const deadline = setTimeout(() => resolve({ code, signal }), drainMs);
      void drained.then(() => {
        clearTimeout(deadline);
        resolve({ code, signal });
      });
    });
  });
  const send = (signal: NodeJS.Signals): void => {
    if (id === 0) return;
    try {
      process.kill(-id, signal);
    } catch {
      // The group is gone.
    }
  };
  return {
    id,
    exit,
    kill() {
      send("SIGKILL");
      if (id !== 0) start.watchdog.forget(id);
    },
    async stop(patience) {
      for (const [signal, waitMs] of [
        ["SIGINT", patience.interruptMs],
        ["SIGTERM", patience.terminateMs],
      ] as const) {
        send(signal);
        if (await endsWithin(exit, waitMs)) break;
      }
      send("SIGKILL");
      await exit;
    },
  };
}

async function endsWithin(exit: Promise<unknown>, waitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), waitMs);
  });
  const ended = await Promise.race([exit.then(() => true), late]);
  clearTimeout(timer);
  return ended;
}

function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    if (rest.length > maxLineLength) {
      onLine(rest);
      rest = "";
    }
  });
  return new Promise((resolve) => {
    stream.once("close", () => {
      if (rest !== "") onLine(rest);
      resolve();
    });
    stream.once("error", () => resolve());
  });
}
