import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Capture, lastCharacters } from "./process/capture.ts";
import { endMarked, endWithUs, groupLives, markedEnvironment, signalGroup } from "./process/process-group.ts";

export type CommandRequest = {
  /** Attacker-controlled: the team's own text, run by bash with `-eo pipefail`. */
  command: string;
  cwd: string;
  /** All that the command gets (and TRAINYARD_COMMAND, by which its daemons are found again). Nothing is inherited. */
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** how long the group may tidy up after SIGTERM; default 2,000 */
  graceMs?: number | undefined;
  /** gets what was printed, at most 512 KiB of each end */
  logFile?: string | undefined;
  onLine?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** values that are blotted out wherever the command prints them */
  secrets?: readonly string[] | undefined;
};

/** How a command ended. `by` is the signal that ended it, or "cancelled". */
export type CommandEnd =
  | { kind: "ok" }
  | { kind: "failed"; exitCode: number }
  | { kind: "timeout" }
  | { kind: "killed"; by: string };

/** `log` is the last 20,000 characters that it printed on both streams, in their order. */
export type CommandResult = CommandEnd & { durationMs: number; log: string };

/**
 * Runs one command in a process group of its own with closed standard input, and returns when nothing of it is left:
 * what is still in the group when it ends, or left the group, is ended too. Never throws because of what it runs.
 */
export async function runCommand(request: CommandRequest): Promise<CommandResult> {
  const startedAt = performance.now();
  const capture = new Capture({ secrets: request.secrets, onLine: request.onLine });
  const end = request.signal?.aborted === true ? cancelled : await runToTheEnd(request, capture);
  capture.end();
  const text = capture.text();
  if (request.logFile !== undefined) writeFileSync(request.logFile, text);
  return { ...end, durationMs: performance.now() - startedAt, log: lastCharacters(text, 20_000) };
}

const cancelled = { kind: "killed", by: "cancelled" } as const;
const defaultGraceMs = 2_000;
const pollMs = 25;

async function runToTheEnd(request: CommandRequest, capture: Capture): Promise<CommandEnd> {
  const mark = randomUUID();
  const child = start(request, mark, capture);
  const ended = exitOf(child, request.cwd, capture);
  let stopped: CommandEnd | undefined;
  let graceEndsAt = 0;
  const stop = (why: CommandEnd): void => {
    if (stopped !== undefined || child.pid === undefined) return;
    stopped = why;
    graceEndsAt = performance.now() + (request.graceMs ?? defaultGraceMs);
    signalGroup(child.pid, "SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), request.graceMs ?? defaultGraceMs).unref();
  };
  const cancel = (): void => stop(cancelled);
  // setTimeout counts in 32 bits: a longer one would fire at once.
  const timer = setTimeout(() => stop({ kind: "timeout" }), Math.min(request.timeoutMs, 2 ** 31 - 1));
  request.signal?.addEventListener("abort", cancel, { once: true });
  const letGo = child.pid === undefined ? undefined : endWithUs(child.pid);
  const end = await ended;
  clearTimeout(timer);
  request.signal?.removeEventListener("abort", cancel);
  if (child.pid !== undefined) {
    // bash dies of SIGTERM at once; what it started may still be tidying up.
    while (performance.now() < graceEndsAt && groupLives(child.pid)) await sleep(pollMs);
    signalGroup(child.pid, "SIGKILL");
  }
  endMarked(mark);
  letGo?.();
  await drain(child);
  return stopped ?? end;
}

function start(request: CommandRequest, mark: string, capture: Capture): ChildProcess {
  // The outer shell joins both streams before the team's text begins, so that they keep their order.
  const join = 'exec bash --noprofile --norc -eo pipefail -c "$1" bash 2>&1';
  const child = spawn("bash", ["--noprofile", "--norc", "-c", join, "bash", request.command], {
    cwd: request.cwd,
    env: { ...request.env, ...markedEnvironment(mark) },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  child.stdout?.on("data", (chunk: Buffer) => capture.add(chunk));
  child.stderr?.on("data", (chunk: Buffer) => capture.add(chunk));
  return child;
}

function exitOf(child: ChildProcess, cwd: string, capture: Capture): Promise<CommandEnd> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      capture.add(Buffer.from(`Cannot start "bash" in "${cwd}": ${error.message}\n`));
      resolve({ kind: "failed", exitCode: 127 });
    });
    child.once("exit", (code, by) => {
      if (code === 0) resolve({ kind: "ok" });
      else resolve(code === null ? { kind: "killed", by: by ?? "unknown" } : { kind: "failed", exitCode: code });
    });
  });
}

/** Reads what is left in the pipes; a process that escaped with them in its hands is not waited for. */
async function drain(child: ChildProcess): Promise<void> {
  const open = [child.stdout, child.stderr].filter((stream) => stream !== null && !stream.closed);
  const closed = Promise.all(open.map((stream) => new Promise((resolve) => stream?.once("close", resolve))));
  const waiting = new AbortController();
  await Promise.race([closed, sleep(200, undefined, { signal: waiting.signal }).catch(() => undefined)]);
  waiting.abort();
  for (const stream of open) stream?.destroy();
}
