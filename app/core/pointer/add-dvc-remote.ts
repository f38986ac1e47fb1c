import { namesDvcRemote } from "./read-dvc-config.ts";

/**
 * DVC's config with a default remote besides what it says, or undefined where it (or one of the others that DVC reads with
 * it) names a remote already: that is somebody's choice. `settings` are the remote's, `url` among them.
 */
export function addDvcRemote(
  config: string,
  others: readonly string[],
  settings: Readonly<Record<string, string>>,
): string | undefined {
  if (namesDvcRemote([config, ...others])) return undefined;
  const lines = config === "" ? [] : config.replace(/\r?\n$/, "").split(/\r?\n/);
  // DVC refuses a config with a section twice.
  const core = lines.findIndex((line) => /^\s*\[\s*(?:core|"core"|'core')\s*\]/.test(line));
  const remote = "    remote = store";
  const before = core === -1 ? [...lines, "[core]", remote] : lines.toSpliced(core + 1, 0, remote);
  const own = Object.entries(settings).map(([key, value]) => `    ${key} = ${value}`);
  return `${[...before, `['remote "store"']`, ...own].join("\n")}\n`;
}
