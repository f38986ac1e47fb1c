import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { configPath } from "#core/config/config.ts";
import { parseConfig } from "#core/config/parse.ts";
import { ExitError } from "./exit-error.ts";

/** `trainyard config [FILE]`: every mistake of a config at once. */
export function addConfig(program: Command): void {
  program
    .command("config")
    .description("check a config: every mistake at once, with its line and what would be right")
    .argument("[file]", "the config", configPath)
    .option("--json", "print the problems, or the config with every default filled in, as JSON")
    .action(async (file: string, options: { json?: boolean }) => {
      const bytes = await readFile(file).catch(() => {
        throw new ExitError(
          2,
          `Cannot read "${file}": there is no such file. The config of a repository lies at "${configPath}"`,
        );
      });
      const parsed = parseConfig(bytes);
      if (options.json === true)
        process.stdout.write(
          `${JSON.stringify(parsed, (_, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value), 2)}\n`,
        );
      if (parsed.kind === "problems") {
        if (options.json !== true)
          for (const { line, column, path, message } of parsed.problems)
            process.stdout.write(`${file}:${line}:${column} ${path === "" ? "" : `${path}: `}${message}\n`);
        throw new ExitError(2, `${parsed.problems.length} mistakes in "${file}"`, { said: options.json === true });
      }
      if (options.json !== true)
        process.stdout.write(`"${file}" is right: ${[...parsed.config.models.keys()].join(", ") || "no model"}\n`);
    });
}
