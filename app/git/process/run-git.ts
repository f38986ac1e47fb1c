import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { ServiceError } from "#core/ports.ts";

export type GitRun = {
  folder: string;
  /** Constants and checked values; whatever people wrote stands behind `--` or goes through `input`. */
  args: readonly string[];
  input?: string | Uint8Array | undefined;
  env?: Readonly<Record<string, string>> | undefined;
  /** Exit codes that are an answer rather than a failure; 0 always is. */
  accept?: readonly number[] | undefined;
  timeoutMs?: number | undefined;
};

export type GitAnswer = { code: number; stdout: Buffer; stderr: string };

/** What git may see of our environment: where programs, certificates and proxies are, and nothing of `GIT_*`. */
const passed = [
  "PATH",
  "HOME",
  "USERPROFILE",
  "SystemRoot",
  "XDG_CONFIG_HOME",
  "TMPDIR",
  "TEMP",
  "TMP",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "all_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
] as const;

/** Hooks and monitors of the machine never run, and git neither asks nor tidies up in the background. */
const settings = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.quotePath=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "advice.detachedHead=false",
].flatMap((setting) => ["-c", setting]);

export function gitEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
  };
  for (const name of passed) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, ...extra };
}

/** The full argument list of a git command, our settings first. */
export function gitArguments(args: readonly string[]): string[] {
  return [...settings, ...args];
}

/** Runs one git command. Throws a ServiceError with git's own first sentence if it fails. */
export async function runGit(run: GitRun): Promise<GitAnswer> {
  const answer = await spawnGit(run);
  if (answer.code === 0 || run.accept?.includes(answer.code)) return answer;
  throw new ServiceError("refused", `Cannot run "git ${run.args[0]}" in "${run.folder}": ${gitComplaint(answer)}`);
}

/** What git said last, as one sentence without its prefix. */
export function gitComplaint(answer: GitAnswer): string {
  return firstComplaint(answer.stderr) ?? `it ended with code ${answer.code}`;
}

/** The same of what stands on its standard error; undefined where nothing does. */
export function firstComplaint(stderr: string): string | undefined {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("hint:"));
  const line = lines.find((text) => /^(?:fatal|error):/.test(text)) ?? lines.at(-1);
  return line?.replace(/^(?:fatal|error): /, "").slice(0, 500);
}

async function spawnGit(run: GitRun): Promise<GitAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<GitAnswer>();
  const child = spawn("git", gitArguments(run.args), {
    cwd: run.folder,
    env: gitEnvironment(run.env),
    stdio: ["pipe", "pipe", "pipe"],
    ...(run.timeoutMs === undefined ? {} : { timeout: run.timeoutMs, killSignal: "SIGKILL" as const }),
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let stderrSize = 0;
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    stderrSize += chunk.length;
    if (stderrSize < 1_000_000) stderr.push(chunk);
  });
  child.on("error", reject);
  child.on("close", (code, signal) => {
    const text = Buffer.concat(stderr).toString("utf8");
    const ended = signal === null ? text : `${text}\nerror: it was ended by ${signal}`;
    resolve({ code: code ?? 128, stdout: Buffer.concat(stdout), stderr: ended });
  });
  // git may answer without having read everything; its exit code tells what happened
  child.stdin.on("error", () => undefined);
  child.stdin.end(run.input ?? "");
  try {
    return await promise;
  } catch (cause) {
    throw await explainStart(run.folder, cause);
  }
}

async function explainStart(folder: string, cause: unknown): Promise<ServiceError> {
  const there = await stat(folder).catch(() => undefined);
  if (there === undefined || !there.isDirectory()) {
    return new ServiceError("not-found", `Cannot run git in "${folder}": there is no such folder`, { cause });
  }
  return new ServiceError("broken", `Cannot run git: no program "git" is on the PATH; install git 2.38 or newer`, {
    cause,
  });
}
