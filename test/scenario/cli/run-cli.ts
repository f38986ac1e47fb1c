import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { compileCache } from "#test/flow/story/compile-cache.ts";

export const root = join(import.meta.dirname, "..", "..", "..");
export const entryPoint = join(root, "app", "cli", "main.ts");

export type Said = { code: number | null; stdout: string; stderr: string };

export type Started = { process: ChildProcess; said: { stdout: string; stderr: string }; ended: Promise<Said> };

/** Starts the command line as people do, with nothing of this process's environment but where programs are. */
export function startCli(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", entryPoint, ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, ...compileCache(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const ended = new Promise<Said>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...said }));
  });
  return { process: child, said, ended };
}

/** The same, and waits for its end. */
export async function runCli(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Said> {
  return await startCli(folder, args, env).ended;
}

/** What differs from run to run: ids and seconds. */
export function still(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{7}\b(?=[ )·]|$)/gm, "‹commit›")
    .replaceAll(/\b[0-9a-f]{12}\b/g, "‹commit12›")
    .replaceAll(/\bin \d+(?:\.\d+)? s\b/g, "in ‹time›");
}
