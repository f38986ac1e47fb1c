import type { GitStore } from "./git-store.ts";
import { runGit } from "./run-git.ts";

export type FileStatus = "added" | "removed" | "modified" | "renamed" | "copied" | "changed" | "unchanged";
export type FileDiff = {
  path: string;
  previousPath: string | undefined;
  status: FileStatus;
  /** blob after; of a removed file, the blob before */
  sha: string;
  additions: number;
  deletions: number;
  /** from the first hunk on; undefined for binary files, pure renames and what is too big to show */
  patch: string | undefined;
};

const statuses: Readonly<Record<string, FileStatus>> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  C: "copied",
  T: "changed",
};
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
/** GitHub leaves out the patch of a file beyond about this size */
const patchCap = 400_000;

/** What changed from one commit (null: from nothing) to another, file by file in order of path. */
export async function diffFiles(git: GitStore, from: string | null, to: string): Promise<readonly FileDiff[]> {
  const before = from ?? emptyTree;
  if (before === to) return [];
  const files = await git.remember(`files ${before} ${to}`, async () => {
    const args = ["diff-tree", "-r", "-M", "-z", "--raw", "--numstat", "-p", "--no-abbrev", "--no-color", before, to];
    const text = (await runGit(git.folder, args)).stdout.toString("utf8");
    // paths are never empty: two zero bytes in a row end the lists
    const end = text.indexOf("\0\0");
    const counted = parseRaw(end < 0 ? text : text.slice(0, end + 1));
    const whole = joinPatches(counted, end < 0 ? "" : text.slice(end + 2));
    // attacker-controlled: a line break in a path can look like the next file; without -z git quotes paths
    return whole ?? joinPatches(counted, await diffText(git, before, to));
  });
  return files ?? [];
}

/** The diff as `git diff` prints it (the media type "diff"). */
export async function diffText(git: GitStore, from: string | null, to: string): Promise<string> {
  const { stdout } = await runGit(git.folder, ["diff-tree", "-r", "-M", "-p", "--no-color", from ?? emptyTree, to]);
  return stdout.toString("utf8");
}

type Counted = Omit<FileDiff, "patch">;

/** Raw records come first, all of them, then the line counts in the same order. */
function parseRaw(text: string): Counted[] {
  const fields = text.split("\0");
  const files: Counted[] = [];
  let at = 0;
  for (; fields[at]?.startsWith(":") === true;) {
    const [, , before = "", after = "", letter = ""] = (fields[at] ?? "").split(" ");
    const status = statuses[letter.slice(0, 1)] ?? "changed";
    const two = status === "renamed" || status === "copied";
    files.push({
      path: fields[at + (two ? 2 : 1)] ?? "",
      previousPath: two ? fields[at + 1] : undefined,
      status,
      sha: status === "removed" ? before : after,
      additions: 0,
      deletions: 0,
    });
    at += two ? 3 : 2;
  }
  return files.map((file) => {
    const [added, deleted, path] = (fields[at] ?? "").split("\t");
    at += path === "" ? 3 : 1;
    // "-" for binary files
    return { ...file, additions: Number(added) || 0, deletions: Number(deleted) || 0 };
  });
}

/** undefined: there are more or fewer patches than files. */
function joinPatches(files: readonly Counted[], text: string): FileDiff[] | undefined {
  // a line of a file's content never starts with "diff --git": it has a mark before it
  const parts = text === "" ? [] : text.split("\ndiff --git ");
  // a file that became a link (or the other way round) is shown as one removed and one added
  const takes = ({ status }: Counted): number => (status === "changed" ? 2 : 1);
  if (parts.length !== files.reduce((total, file) => total + takes(file), 0)) return undefined;
  let at = 0;
  return files.map((file) => {
    const own = parts.slice(at, at + takes(file));
    at += own.length;
    const hunks = own.map((part) => hunksOf(part)).filter((part) => part !== undefined);
    return { ...file, patch: hunks.length === 0 ? undefined : hunks.join("\n") };
  });
}

function hunksOf(part: string): string | undefined {
  const start = part.indexOf("\n@@ ");
  return start < 0 || part.length > patchCap ? undefined : part.slice(start + 1).replace(/\n$/, "");
}
