import type { CommitSha } from "#core/names.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports, PullRequest } from "#core/ports.ts";
import { observeMerged, type ObservedMerge } from "./observe-merged.ts";
import { readMergedTree } from "./read-merged-tree.ts";

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
  if (merged.kind !== "merged") return { pull, base, outcome: merged };
  let messages: Promise<readonly string[]> | undefined;
  const seen = await observeMerged(ports, {
    base,
    merged: merged.tree,
    pull: number,
    messages: async () => await (messages ??= ports.pulls.messages(number)),
    failures,
  });
  return { pull, base, outcome: seen.kind === "models" ? { ...seen, objects: merged.objects } : seen };
}
