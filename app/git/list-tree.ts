import { canonicalMode } from "#core/identity/canonical-mode.ts";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha } from "#core/names.ts";
import { ServiceError } from "#core/ports.ts";
import type { Git } from "./open-git.ts";

/** Every file of a commit or tree, by path. Throws `not-found`, or `refused` if a path is not UTF-8. */
export async function listTree(git: Git, id: string): Promise<Tree> {
  const answer = await git.run(["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", id], { accept: [128] });
  if (answer.code !== 0) {
    throw new ServiceError(
      "not-found",
      `Cannot list the files of "${id}" in "${git.folder}": there is no such commit or tree`,
    );
  }
  const tree = new Map<string, TreeEntry>();
  for (const line of decodePaths(answer.stdout, id).split("\0")) {
    const tab = line.indexOf("\t");
    if (tab === -1) continue;
    const [mode = "", , blob = ""] = line.slice(0, tab).split(" ");
    const path = line.slice(tab + 1);
    tree.set(path, { path, mode: canonicalMode(mode), blob: parseBlobSha(blob) });
  }
  return tree;
}

function decodePaths(bytes: Buffer, id: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const bad =
      bytes
        .toString("utf8")
        .split("\0")
        .find((line) => line.includes("\uFFFD")) ?? "";
    const path = bad.slice(bad.indexOf("\t") + 1);
    throw new ServiceError(
      "refused",
      `Cannot list the files of "${id}": the path "${path}" is not UTF-8; rename the file`,
      { cause },
    );
  }
}
