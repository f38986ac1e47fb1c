import { spawn } from "node:child_process";
import { devNull } from "node:os";

/** git itself said no: `code` is its exit status, the message its first line of complaint. */
export class GitError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = "GitError";
    this.code = code;
  }
}

/** The environment of every git process of the forge: none of the machine's settings, no prompt, plain English. */
export function gitEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    LC_ALL: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: devNull,
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
    ...more,
  };
}

export type GitRun = { code: number; stdout: Buffer };

/**
 * Runs git in a bare repository, never synchronously: the process that serves HTTP may be git's own server.
 * Throws GitError unless the exit status is among `accept` (default 0).
 */
export function runGit(
  folder: string,
  args: readonly string[],
  options: { input?: string | Buffer; env?: Readonly<Record<string, string>>; accept?: readonly number[] } = {},
): Promise<GitRun> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", folder, ...args], {
      env: gitEnvironment(options.env),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    // git may end before it has read its input: the exit status says what matters
    child.stdin.on("error", () => {});
    child.on("error", (cause) => {
      reject(new GitError(-1, `Cannot start git: ${cause.message}. Install git 2.38 or newer`));
    });
    child.on("close", (code) => {
      const status = code ?? -1;
      if ((options.accept ?? [0]).includes(status)) resolve({ code: status, stdout: Buffer.concat(out) });
      else reject(new GitError(status, Buffer.concat(err).toString("utf8").trim().split("\n")[0] ?? "git failed"));
    });
    child.stdin.end(options.input);
  });
}
