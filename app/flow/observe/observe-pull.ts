import { configPath } from "#core/config/config.ts";
import type { CommitSha } from "#core/names.ts";
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
    | { kind: "stale"; because: string }
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
  const pull = await ports.pulls.get(number);
  const branch = await ports.repository.defaultBranch();
  const base = branch.head;
  if (pull.base.ref !== branch.name) {
    const because = `it merges into "${pull.base.ref}": only "${branch.name}" moves production`;
    return { pull, base, outcome: { kind: "elsewhere", because } };
  }
  const merged = await readMergedTree(ports.repository, pull, base);
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
  const objects = merged.kind === "merged" ? merged.objects : [base];
  return { pull, base, outcome: seen.kind === "models" ? { ...seen, objects } : seen };
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
  const changed = changedPaths(await repository.tree(ancestor), await repository.tree(pull.head.sha));
  return (
    !changed.includes(configPath) &&
    ![...judge.snapshot.config.models.values()].some((model) => touches(model, changed))
  );
}
