import type { CommitSha } from "#core/names.ts";
import { readGroupRef } from "#core/plan/group-ref.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports, PullRequest } from "#core/ports.ts";
import { observeMerged, type ObservedMerge } from "#flow/observe/observe-merged.ts";

/** A group of a merge queue: the commit that it would make of the default branch, and the branch that holds it. */
export type Group = { head: CommitSha; ref: string };

export type ObservedGroup = {
  head: CommitSha;
  base: CommitSha;
  /** the pull request at its end */
  pull: PullRequest;
  outcome: ObservedMerge;
};

/**
 * Reads what a group would make of the default branch: its tree, on the base that it was put on. What a fork trained is
 * not known here, as it is not after the merge: the group trains it again.
 */
export async function observeGroup(
  ports: Pick<Ports, "repository" | "pulls" | "tags" | "bytes" | "evidence">,
  { head, ref }: Group,
  failures: readonly Failure[],
): Promise<ObservedGroup> {
  const { name } = await ports.repository.defaultBranch();
  const group = readGroupRef(ref, name);
  if (group === undefined)
    throw new Error(`"${ref.slice(0, 300)}" is no group of a merge queue onto "${name}": only those are judged`);
  const { base } = group;
  if ((await ports.repository.mergeBase(base, head)) !== base)
    throw new Error(`The group "${ref.slice(0, 300)}" does not stand on ${base}, as its name says`);
  const pull = await ports.pulls.get(group.pull);
  const outcome = await observeMerged(ports, {
    base,
    merged: await ports.repository.tree(head),
    pull: undefined,
    messages: async () => await ports.pulls.messages(pull.number),
    failures,
  });
  return { head, base, pull, outcome };
}
