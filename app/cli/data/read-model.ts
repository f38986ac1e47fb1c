import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { configPath, type Model } from "#core/config/config.ts";
import { parseConfig } from "#core/config/parse.ts";
import { formatUnits } from "#core/message/format.ts";
import { ExitError } from "#cli/exit-error.ts";

/**
 * The model of this name in the config of the repository that this folder belongs to; without a name the only one there
 * is. Throws an ExitError (2).
 */
export async function readModel(name: string | undefined): Promise<{ root: string; model: Model }> {
  const root = findRoot();
  const parsed = parseConfig(await readFile(join(root, configPath)));
  if (parsed.kind === "problems") {
    const lines = parsed.problems.map(
      ({ line, column, path, message }) =>
        `${configPath}:${line}:${column} ${path === "" ? "" : `${path}: `}${message}`,
    );
    throw new ExitError(2, `${formatUnits(lines.length, "mistake")} in "${configPath}"\n${lines.join("\n")}`);
  }
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

/** In a folder of a repository the config is its repository's. */
function findRoot(): string {
  for (let folder = resolve("."); ; folder = dirname(folder)) {
    if (existsSync(join(folder, configPath))) return folder;
    if (folder === dirname(folder))
      throw new ExitError(2, `Cannot find "${configPath}" here or above: run this in the repository`);
  }
}
