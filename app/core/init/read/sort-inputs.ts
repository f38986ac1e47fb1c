import { isTable, type CloneView, type ModelHints } from "#core/init/clone-view.ts";
import { withFolders, type Stage } from "./dvc-stages.ts";

type Inputs = NonNullable<ModelHints["inputs"]>["value"];

/**
 * The deps that git keeps, as patterns, with the scripts that the commands name: of what DVC keeps the pointer. `missing`
 * is in neither. A file of ten thousand deps in a repository of a hundred thousand files is looked through once.
 */
export function sortInputs(view: CloneView, chain: readonly Stage[]): { inputs: Inputs; missing: readonly string[] } {
  const known = new Set(view.paths);
  const made = new Set(chain.flatMap(({ outs }) => outs));
  const wanted = [...new Set(chain.flatMap(({ deps }) => deps))].filter(
    (dep) => ![...withFolders(dep)].some((folder) => made.has(folder)),
  );
  const folders = lookInside(view, new Set(wanted));
  const find = (file: string): string | undefined => {
    if (known.has(file)) return file;
    if (folders.has(file)) return `${file}/**`;
    return known.has(`${file}.dvc`) ? `${file}.dvc` : undefined;
  };
  const isCode = (dep: string, pattern: string): boolean =>
    /\.(?:py|js|mjs|ts|R|r|sh|ipynb)$/.test(pattern) ||
    (pattern.endsWith("/**") && folders.get(dep)?.code === true && folders.get(dep)?.tables === false);
  const found = wanted.flatMap((dep) => {
    const pattern = find(dep);
    return pattern === undefined ? [] : [{ pattern, code: isCode(dep, pattern) }];
  });
  const named = [...new Set(chain.flatMap((stage) => stage.params))];
  const params = named.filter((file) => known.has(file));
  const [isParam, isFound] = [new Set(params), new Set(wanted)];
  const scripts = [...new Set(chain.flatMap((stage) => stage.scripts))].filter(
    (script) => ![...withFolders(script)].some((folder) => isFound.has(folder)),
  );
  const code = [...found.filter((one) => one.code).map(({ pattern }) => pattern), ...scripts];
  const data = found.filter((one) => !one.code && !isParam.has(one.pattern)).map(({ pattern }) => pattern);
  return {
    inputs: { data, code, params },
    missing: [...wanted, ...named].filter((file) => find(file) === undefined),
  };
}

/** What lies in those of these names that are folders. */
function lookInside(
  view: CloneView,
  names: ReadonlySet<string>,
): ReadonlyMap<string, { code: boolean; tables: boolean }> {
  const folders = new Map<string, { code: boolean; tables: boolean }>();
  for (const path of view.paths) {
    const code = /\.(?:py|js|mjs|ts|R|r|sh)$/.test(path);
    const tables = isTable(path);
    for (const folder of withFolders(path)) {
      if (folder === path || !names.has(folder)) continue;
      const before = folders.get(folder);
      folders.set(folder, { code: code || before?.code === true, tables: tables || before?.tables === true });
    }
  }
  return folders;
}
