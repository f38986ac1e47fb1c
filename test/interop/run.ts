import { spawn } from "node:child_process";

/** What a part needs is not on this machine; the message says what. */
export class Skipped extends Error {
  override name = "Skipped";
}

export type Ran = { code: number | null; stdout: string; all: string };

/** Runs a program to its end. One that is not there ends with code null and says so. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Readonly<Record<string, string>>; input?: string } = {},
): Promise<Ran> {
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let [stdout, all] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => ((stdout += text), (all += text)));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (all += text));
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  return await new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, stdout, all: all + error.message }));
    child.once("close", (code) => resolve({ code, stdout, all }));
  });
}

/** As `run`, and throws what it said where it does not end well. */
export async function mustRun(...order: Parameters<typeof run>): Promise<string> {
  const said = await run(...order);
  if (said.code === 0) return said.stdout;
  throw new Error(`${[order[0], ...order[1]].join(" ")} ended with ${String(said.code)}:\n${said.all.slice(-4_000)}`);
}
