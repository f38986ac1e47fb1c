import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { configPath, type ConfigProblem } from "#core/config/config.ts";
import { ExitError } from "./exit-error.ts";

/** `trainyard config [FILE]`: every mistake of a config at once. */
export function addConfig(program: Command): void {
  program
    .command("config")
    .description("check a config: every mistake at once, with its line and what would be right")
    .argument("[file]", "the config", configPath)
    .option("--json", "print the problems, or the config with every default filled in, as JSON")
    .addHelpText("after", `\nExamples:\n  trainyard config\n  trainyard config other.yml --json | jq .config.models`)
    .action(async (file: string, options: { json?: boolean }) => {
      const bytes = await readFile(file === configPath ? findUpwards(file) : file).catch((cause: unknown) => {
        throw new ExitError(
          2,
          `Cannot read "${file}": ${sayMissing(cause)}. The config of a repository lies at "${configPath}"`,
        );
      });
      const { parseConfig } = await import("#core/config/parse.ts");
      const parsed = parseConfig(bytes);
      const say = (text: string): void => void (options.json === true || process.stdout.write(`${text}\n`));
      const list = (problems: readonly ConfigProblem[]): void => {
        for (const { line, column, path, message } of problems)
          say(`${file}:${line}:${column} ${path === "" ? "" : `${path}: `}${message}`);
      };
      if (options.json === true) process.stdout.write(`${JSON.stringify(parsed, asPlain, 2)}\n`);
      if (parsed.kind === "problems") {
        list(parsed.problems);
        const { length } = parsed.problems;
        throw new ExitError(2, `${length} mistake${length === 1 ? "" : "s"} in "${file}"`, {
          said: options.json === true,
        });
      }
      say(`"${file}" is right: ${[...parsed.config.models.keys()].join(", ") || "no model"}`);
      list(parsed.notes);
    });
}

/** In a folder of a repository the config is its repository's; where there is none, what was asked for. */
function findUpwards(path: string): string {
  for (let folder = resolve("."); ; folder = dirname(folder)) {
    if (existsSync(join(folder, path))) return join(folder, path);
    if (folder === dirname(folder)) return path;
  }
}

function sayMissing(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  return code === "EISDIR" ? "it is a folder" : cause instanceof Error ? cause.message : String(cause);
}

/** Models and columns are maps inside; in JSON they are objects. */
function asPlain(_: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
