import { configPath } from "#core/config/config.ts";
import type { CommitSha } from "#core/names.ts";
import { parentFolders } from "#core/identity/merged-tree.ts";
import type { Tree } from "#core/identity/tree.ts";
import { changedPaths, touches } from "#core/plan/changes.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports, PullRequest } from "#core/ports.ts";
import { observeMerged, type ObservedMerge } from "./observe-merged.ts";
import { readMergedTree } from "./read-merged-tree.ts";
import { readSnapshot } from "./read-snapshot.ts";

/** What one pull request is, right now, as far as models are concerned. */
export type ObservedPull = {
  pull: PullRequest;
  base: CommitSha;
  outcome:
    | (Extract<ObservedMerge, { kind: "models" }> & { objects: readonly CommitSha[] })
    | Exclude<ObservedMerge, { kind: "models" }>
    /** `queued`: its last verdict was green, and a merge queue judges what comes of it */
    | { kind: "stale"; because: string; queued?: boolean }
    | { kind: "conflict"; because: string }
    | { kind: "elsewhere"; because: string };
};

type Needed = Pick<Ports, "repository" | "pulls" | "tags" | "bytes" | "evidence">;

/** Reads a pull request, both configs and the merged tree, and for every model that changes what is known of it. */
export async function observePull(
  ports: Needed,
  number: number,
  failures: readonly Failure[] = [],
): Promise<ObservedPull> {
  let pull = await ports.pulls.get(number);
  const branch = await ports.repository.defaultBranch();
  const base = branch.head;
  if (pull.base.ref !== branch.name) {
    const because = `it merges into "${pull.base.ref}": only "${branch.name}" moves production`;
    return { pull, base, outcome: { kind: "elsewhere", because } };
  }
  let merged = await readMergedTree(ports.repository, pull, base);
  if (merged.kind === "stale" && pull.mergeable === undefined) {
    // A conflict is more than a merge that we cannot tell, and the service knows in a moment.
    pull = await ports.pulls.getSettled(number);
    merged = await readMergedTree(ports.repository, pull, base);
  }
  if (merged.kind === "conflict") return { pull, base, outcome: merged };
  if (merged.kind === "stale" && !(await touchesNoModel(ports, pull, base))) return { pull, base, outcome: merged };
  const tree = merged.kind === "merged" ? merged.tree : await ports.repository.tree(base);
  let messages: Promise<readonly string[]> | undefined;
  const seen = await observeMerged(ports, {
    base,
    merged: tree,
    pull: number,
    messages: async () => await (messages ??= ports.pulls.messages(number)),
    failures,
  });
  const broken = seen.kind === "models" && seen.informational ? await findBrokenBase(ports, base, tree) : undefined;
  if (broken !== undefined) return { pull, base, outcome: { kind: "stale", because: broken } };
  const objects = merged.kind === "merged" ? merged.objects : [base];
  return { pull, base, outcome: seen.kind === "models" ? { ...seen, objects } : seen };
}

/**
 * A config that nobody can read judges nobody, and is no missing one: only a change that mends it, and nothing else, may
 * be looked at for information. Answers why this one may not.
 */
async function findBrokenBase({ repository }: Needed, base: CommitSha, merged: Tree): Promise<string | undefined> {
  const judge = await readSnapshot(repository, base, base);
  if (judge.kind !== "problems") return undefined;
  if (changedPaths(judge.tree, merged).every((path) => path === configPath)) return undefined;
  const [problem] = judge.problems;
  return `the default branch's config cannot be read (line ${problem?.line ?? 1}: ${problem?.message ?? "it is broken"}): mend "${configPath}" in a pull request of its own, then update the branch`;
}

/**
 * The merged tree cannot be told, but does it matter? Where the head's side changed neither the config nor any file that
 * a model of the base reads, each model is in the merged tree what it is on the base.
 */
async function touchesNoModel(ports: Needed, pull: PullRequest, base: CommitSha): Promise<boolean> {
  const { repository } = ports;
  const ancestor = await repository.mergeBase(base, pull.head.sha);
  const judge = await readSnapshot(repository, base, base);
  if (ancestor === undefined || judge.kind !== "snapshot") return false;
  const [old, now] = [await repository.tree(ancestor), judge.snapshot.tree];
  const changed = changedPaths(old, await repository.tree(pull.head.sha));
  return (
    !changed.includes(configPath) &&
    !changed.some(findMoves(old, now)) &&
    ![...judge.snapshot.config.models.values()].some((model) => touches(model, changed))
  );
}

/** Has the base moved this file, or all of a folder that it lies in? A merge may carry the change to where that went. */
function findMoves(ancestor: Tree, base: Tree): (path: string) => boolean {
  const [before, now] = [listFolders(ancestor), listFolders(base)];
  return (path) =>
    (ancestor.has(path) && !base.has(path)) ||
    parentFolders(path).some((folder) => before.has(folder) && !now.has(folder));
}

function listFolders(tree: Tree): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of tree.keys()) for (const folder of parentFolders(path)) folders.add(folder);
  return folders;
}
