import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCommandFile } from "#sandbox/actions/step/command-file.ts";
import { compileCache } from "#test/flow/story/compile-cache.ts";

const root = join(import.meta.dirname, "..", "..");

export type Start = {
  /** the webhook's payload; a text is written as it is, undefined: there is no such file */
  event: { name: string; payload: unknown };
  api: string;
  token?: string;
  inputs?: Readonly<Record<string, string>>;
  /** on top of what GitHub gives; undefined takes away */
  env?: Readonly<Record<string, string | undefined>>;
};

export type Ended = {
  code: number;
  outputs: Readonly<Record<string, string>>;
  /** workflow commands among what it printed, without what only debugging shows */
  commands: readonly string[];
  /** everything else that it printed */
  lines: readonly string[];
};

/** Starts an action's entry point as a runner does, with the environment that GitHub would give it, and nothing else. */
export async function startAction(name: string, start: Start): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-scenario-"));
  try {
    const [event, output] = [join(folder, "event.json"), join(folder, "output")];
    const { payload } = start.event;
    if (payload !== undefined) await writeFile(event, typeof payload === "string" ? payload : JSON.stringify(payload));
    await writeFile(output, "");
    const env: Record<string, string | undefined> = {
      PATH: process.env["PATH"],
      HOME: folder,
      ...compileCache(),
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: start.api,
      GITHUB_SERVER_URL: start.api,
      GITHUB_REPOSITORY: "ada/shop",
      GITHUB_EVENT_NAME: start.event.name,
      GITHUB_EVENT_PATH: event,
      GITHUB_OUTPUT: output,
      GITHUB_RUN_ID: "4711",
      GITHUB_RUN_ATTEMPT: "1",
      RUNNER_TEMP: folder,
      INPUT_TOKEN: start.token ?? "",
      ...Object.fromEntries(
        Object.entries(start.inputs ?? {}).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]),
      ),
      ...start.env,
    };
    const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
    const { code, printed } = await run(join(root, "actions", name, "index.mjs"), given, folder);
    const lines = printed.split("\n").filter((line) => line !== "" && !line.startsWith("::debug::"));
    return {
      code,
      outputs: Object.fromEntries(readCommandFile(await readFile(output, "utf8")).map((one) => [one.name, one.value])),
      commands: lines.filter((line) => line.startsWith("::")),
      lines: lines.filter((line) => !line.startsWith("::")),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(file: string, env: NodeJS.ProcessEnv, cwd: string): Promise<{ code: number; printed: string }> {
  return await new Promise((resolve) => {
    execFile(process.execPath, [file], { env, cwd }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : error === null ? 0 : 1;
      resolve({ code, printed: stdout + stderr });
    });
  });
}
