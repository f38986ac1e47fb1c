import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { configPath, type ConfigProblem, type Model } from "#core/config/config.ts";
import { parseConfig } from "#core/config/parse.ts";
import { formatUnits } from "#core/message/format.ts";
import { ExitError } from "#cli/exit-error.ts";

/**
 * The model of this name in the config of the repository that this folder belongs to; without a name the only one there
 * is. `otherwise`: what else may be said where there is no config. Throws an ExitError (2).
 */
export async function readModel(name: string | undefined, otherwise?: string): Promise<{ root: string; model: Model }> {
  const root = findRoot(otherwise);
  const parsed = parseConfig(await readFile(join(root, configPath)));
  if (parsed.kind === "problems") throw sayProblems(configPath, parsed.problems);
  const { models } = parsed.config;
  const all = [...models.keys()].join(", ");
  const model = [...models.values()].find((one) => one.name === name || (name === undefined && models.size === 1));
  if (model !== undefined) return { root, model };
  throw new ExitError(
    2,
    name === undefined
      ? `Which model? Say --model: the config has ${all}`
      : `Cannot find the model "${name}" in "${configPath}": it has ${all}`,
  );
}

/** Every mistake of a file that people wrote, each with its place. */
export function sayProblems(file: string, problems: readonly ConfigProblem[]): ExitError {
  const lines = problems.map(
    ({ line, column, path, message }) => `${file}:${line}:${column} ${path === "" ? "" : `${path}: `}${message}`,
  );
  return new ExitError(2, `${formatUnits(problems.length, "mistake")} in "${file}"\n${lines.join("\n")}`);
}

/** In a folder of a repository the config is its repository's. */
function findRoot(otherwise: string | undefined): string {
  for (let folder = resolve("."); ; folder = dirname(folder)) {
    if (existsSync(join(folder, configPath))) return folder;
    if (folder === dirname(folder))
      throw new ExitError(
        2,
        `Cannot find "${configPath}" here or above: run this in the repository${otherwise === undefined ? "" : `, ${otherwise}`}`,
      );
  }
}
