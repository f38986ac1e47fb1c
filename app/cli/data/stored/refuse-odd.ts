import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatUnits } from "#core/message/format.ts";
import { isPointerPath, placeOut } from "#core/pointer/pointer.ts";
import { readDvcPointer } from "#core/pointer/read-dvc-pointer.ts";
import { ExitError } from "#cli/exit-error.ts";
import type { DataClone } from "./open-clone.ts";

/** Throws an ExitError (2) for what cannot be kept under a pointer of its own. `paths`: all that is to be added. */
export async function refuseOdd(
  { git, root }: Pick<DataClone, "git" | "root">,
  path: string,
  paths: readonly string[],
): Promise<void> {
  const cannot = `Cannot add "${path}"`;
  if (!existsSync(join(root, path))) throw new ExitError(2, `${cannot}: there is no such file or folder`);
  if (/[\r\n\\]/.test(path))
    throw new ExitError(2, `${cannot}: a name with a line end or a backslash fits no pointer or .gitignore; rename it`);
  if (path.endsWith(".dvc")) throw new ExitError(2, `${cannot}: it is a pointer itself; name the data`);
  if (/(?:^|\/)\.(?:git|dvc|github)(?:\/|$)/.test(path)) throw new ExitError(2, `${cannot}: it is no data`);
  if (lstatSync(join(root, path)).isSymbolicLink())
    throw new ExitError(2, `${cannot}: it is a link; name what it points to`);
  refuseInside(root, path, paths);
  const listed = (await git.run(["ls-files", "-z", "--", `:(literal)${path}`])).stdout.toString("utf8").split("\0");
  const tracked = listed.filter((name) => name !== "");
  refusePointers(path, [...listPointers(root, path), ...tracked.filter(isPointerPath)]);
  if (tracked.length > 0)
    throw new ExitError(
      2,
      `${cannot}: git keeps it already; take it out of git first (git rm -r --cached "${path}"), then add it`,
    );
}

/** What lies in an added folder is kept with it: two pointers would stand for one file. */
function refuseInside(root: string, path: string, paths: readonly string[]): void {
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    if (paths.includes(folder))
      throw new ExitError(2, `Cannot add "${path}": it is in "${folder}", which is added too; name one of them`);
    const pointer = `${folder}.dvc`;
    if (!isPointerPath(pointer) || statSync(join(root, pointer), { throwIfNoEntry: false })?.isFile() !== true)
      continue;
    const outs = readDvcPointer(readFileSync(join(root, pointer), "utf8"), pointer);
    if (outs.some((out) => placeOut(pointer, out) === folder))
      throw new ExitError(
        2,
        `Cannot add "${path}": the pointer "${pointer}" stands for all of its folder "${folder}"; add the folder again: trainyard data add ${folder}`,
      );
  }
}

function refusePointers(path: string, found: readonly string[]): void {
  const pointers = [...new Set(found)].sort();
  const [first] = pointers;
  if (first === undefined) return;
  const more = pointers.length === 1 ? "" : ` and ${formatUnits(pointers.length - 1, "other pointer")}`;
  throw new ExitError(
    2,
    `Cannot add "${path}": it holds "${first}"${more}, and what a pointer stands for is stored already; name its parts one by one instead, such as "${first.slice(0, -".dvc".length)}"`,
  );
}

function listPointers(root: string, path: string): readonly string[] {
  if (!lstatSync(join(root, path)).isDirectory()) return [];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isPointerPath(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((name) => !/(?:^|\/)\.(?:git|dvc)\//.test(name));
}
