import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCommandFile } from "./command-file.ts";
import type { JobState } from "./job-state.ts";

const names = ["output", "env", "path", "state", "step_summary"] as const;
const summaryLimitBytes = 1024 * 1024;

export type CommandFiles = {
  /** GITHUB_OUTPUT and its kin */
  variables: Record<string, string>;
  /** Reads what the step wrote, applies it to the job and removes the files; throws where it cannot be read. */
  collect(): Promise<{ outputs: Record<string, string>; state: Record<string, string> }>;
};

/** Makes the files by which a step talks back. */
export async function openCommandFiles(state: JobState): Promise<CommandFiles> {
  const folder = join(state.machine.temp, "_runner_file_commands");
  await mkdir(folder, { recursive: true });
  const id = randomUUID();
  const pathOf = (name: string): string => join(folder, `${name}_${id}`);
  await Promise.all(names.map((name) => writeFile(pathOf(name), "")));
  const read = async (name: (typeof names)[number]): Promise<string> => {
    try {
      return await readFile(pathOf(name), "utf8");
    } catch {
      return "";
    }
  };
  return {
    variables: Object.fromEntries(names.map((name) => [`GITHUB_${name.toUpperCase()}`, pathOf(name)])),
    async collect() {
      const [output, env, path, kept, summary] = await Promise.all(names.map(read));
      await Promise.all(names.map((name) => rm(pathOf(name), { force: true })));
      addSummary(state, summary ?? "");
      state.path.unshift(...(path ?? "").split(/\r?\n/).filter(Boolean).toReversed());
      for (const pair of readCommandFile(env ?? "")) setEnv(state, pair.name, pair.value);
      return { outputs: toRecord(output ?? ""), state: toRecord(kept ?? "") };
    },
  };
}

function toRecord(content: string): Record<string, string> {
  return Object.fromEntries(readCommandFile(content).map((pair) => [pair.name, pair.value]));
}

function setEnv(state: JobState, name: string, value: string): void {
  if (name.toUpperCase() === "NODE_OPTIONS") {
    throw new Error(`Can't store ${name} output parameter using '$GITHUB_ENV' command`);
  }
  state.env[name] = value;
}

function addSummary(state: JobState, summary: string): void {
  if (summary === "") return;
  const bytes = Buffer.byteLength(summary);
  if (bytes > summaryLimitBytes) {
    const message = `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.ceil(bytes / 1024)}k`;
    state.log.line(`##[error]${message}`);
    state.record.annotations.push({ level: "failure", message, title: null, path: null, line: null });
    return;
  }
  state.record.summary += state.log.masked(summary.endsWith("\n") ? summary : `${summary}\n`);
}
