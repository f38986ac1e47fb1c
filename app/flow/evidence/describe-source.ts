import type { RunRecord } from "#core/evidence.ts";
import { parentFolders } from "#core/identity/merged-tree.ts";
import type { Tree } from "#core/identity/tree.ts";
import type { CommitSha } from "#core/names.ts";
import { changedPaths } from "#core/plan/changes.ts";
import type { Ports, WorkflowRun } from "#core/ports.ts";

export type RunPlace = {
  pull: number | undefined;
  /** the pull request comes from a fork: what is found for it is known to it alone */
  ofFork?: boolean;
  /** the pull request's head, or the default branch's */
  head: string;
  /** the default branch: a run that no pull request started counts only if it ran there */
  branch: string;
  /** the default branch's newest head */
  tip: CommitSha;
  /** trees that tell whether a pull request's run happened under a workflow file of the default branch */
  baseTree: Tree | undefined;
  mergedTree: Tree;
  /** the base has no config yet: what is recorded is for information, until it is merged */
  informational: boolean;
};

type Source = Pick<RunRecord, "counts" | "early" | "source">;
type Needed = Pick<Ports, "repository">;

/**
 * Where a run ran is the service's to say, never the job's. It counts if the default branch carries the workflow that
 * ran: for a pull request's run by comparing blobs, for any other because it ran on a commit of the default branch.
 */
export async function describeSource(ports: Needed, run: WorkflowRun, place: RunPlace): Promise<Source> {
  const path = run.path.split("@", 1)[0] ?? "";
  const ran = place.mergedTree.get(path)?.blob ?? null;
  const counts = isOfTree(run) ? await isCarried(ports, path, place) : await ranOn(ports, run, place);
  const carried = place.baseTree?.get(path)?.blob;
  const early = !counts && place.informational && !run.fork && ran !== null && carried === undefined;
  return {
    counts,
    ...(early ? { early } : {}),
    source: {
      kind: "workflow",
      run: run.id,
      attempt: run.attempt,
      event: run.event,
      // a run that somebody's word started for a pull request ran on the default branch, and trained that one's head
      head: !isOfTree(run) && place.pull !== undefined ? place.head : run.head,
      pull: place.pull ?? null,
      fork: run.fork,
      workflow: { path, blob: ran },
    },
  };
}

/** Did this run happen under the workflow file of a tree that is to be merged, rather than on the default branch? */
export function isOfTree({ event }: WorkflowRun): boolean {
  return event === "pull_request" || event === "merge_group";
}

/**
 * Did it run on the default branch? A tag may bear the branch's name, and a branch may have been rewound: the commit has
 * to be one that the branch holds.
 */
export async function ranOn(
  { repository }: Needed,
  run: WorkflowRun,
  { branch, tip }: Pick<RunPlace, "branch" | "tip">,
): Promise<boolean> {
  if (run.branch !== branch || run.fork) return false;
  return (await repository.mergeBase(run.head, tip)) === run.head;
}

async function isCarried({ repository }: Needed, path: string, { baseTree, mergedTree }: RunPlace): Promise<boolean> {
  const blob = baseTree?.get(path)?.blob;
  if (baseTree === undefined || blob === undefined || mergedTree.get(path)?.blob !== blob) return false;
  if (!changedPaths(baseTree, mergedTree).some(isWorkflowCode(mergedTree))) return true;
  return !/\buses:\s*["']?[.$]\//.test(new TextDecoder().decode(await repository.blob(blob)));
}

/** Files that a workflow runs where it says `uses: ./…`: other workflows, and all that lies beside an action's file. */
function isWorkflowCode(tree: Tree): (path: string) => boolean {
  const folders = new Set([".github/workflows", ".github/actions"]);
  for (const path of tree.keys()) {
    if (/(?:^|\/)action\.ya?ml$/.test(path)) folders.add(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
  }
  return (path) => folders.has("") || parentFolders(path).some((folder) => folders.has(folder));
}
