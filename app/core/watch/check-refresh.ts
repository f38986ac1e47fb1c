import { compileGlobs } from "#core/config/glob.ts";
import { isRepositoryPath } from "#core/identity/repository-path.ts";
import type { Tree } from "#core/identity/tree.ts";
import { formatCount, formatSize } from "#core/message/format.ts";

/** What one retraining may bring: the artifact that carries it is read up to 32 MB. */
export const mostFiles = 1_000;
export const mostBytes = 20_000_000;

export type Brought = { path: string; mode: string; size: number };

/**
 * Why what the team's `retrain` command changed cannot become a commit; undefined where it can. Only plain files under the
 * declared data inputs are brought, and all of them or none: half of a refresh is data that nobody has. What lies
 * elsewhere is left behind by whoever collects.
 */
export function checkRefresh(files: readonly Brought[]): string | undefined {
  const odd = files.find(({ path, mode }) => !isPlace(path) || (mode !== "100644" && mode !== "100755"));
  if (odd !== undefined) return `"${odd.path.slice(0, 200)}" ${sayOdd(odd)}: nothing was brought`;
  if (files.length > mostFiles)
    return `it changed ${formatCount(files.length)} files under "inputs: data:", and at most ${formatCount(mostFiles)} are brought: write fewer, larger files, or pointers (.dvc)`;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > mostBytes)
    return `it changed ${formatSize(size)} under "inputs: data:", and at most ${formatSize(mostBytes)} are brought: put the data in a store and commit pointers (.dvc)`;
  return undefined;
}

const sayOdd = ({ path }: Brought): string => (isPlace(path) ? "is no plain file" : "is no place for data");

/** No path of git's own, and none that a workflow or a setting of git is read from. */
function isPlace(path: string): boolean {
  return isRepositoryPath(path) && !path.split("/").some((part) => part.toLowerCase().startsWith(".git"));
}

/** The same for files that came from another machine, which may say anything: against the globs and the tree they go on. */
export function checkClaimed(
  files: readonly { path: string; size: number }[],
  { data, tree }: { data: readonly string[]; tree: Tree },
): string | undefined {
  const isData = compileGlobs(data);
  const problem = checkRefresh(files.map((file) => ({ ...file, mode: "100644" })));
  if (problem !== undefined) return problem;
  const paths = new Set(files.map(({ path }) => path));
  if (paths.size < files.length) return "it named a file twice: nothing was brought";
  const outside = files.find(({ path }) => !isData(path));
  if (outside !== undefined) return `"${outside.path.slice(0, 200)}" is under no data input: nothing was brought`;
  for (const { path } of files) {
    const parts = path.split("/");
    const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
    const link = [path, ...above].find((one) => {
      const mode = tree.get(one)?.mode;
      return one === path ? mode === "120000" || mode === "160000" : mode !== undefined || paths.has(one);
    });
    if (link !== undefined)
      return `"${link.slice(0, 200)}" is a link or a file on the default branch: nothing was brought`;
  }
  return undefined;
}
