import { parseCommitSha, type CommitSha } from "#core/names.ts";

/**
 * What the branch that a merge queue made says of itself: `gh-readonly-queue/main/pr-104-<sha>`, the pull request at its
 * end and the commit that it was put on. Undefined for any other branch.
 */
export function readGroupRef(ref: string, branch: string): { pull: number; base: CommitSha } | undefined {
  const name = ref.replace(/^refs\/heads\//, "");
  const start = `gh-readonly-queue/${branch}/`;
  const [, number, sha] = /^pr-(\d{1,9})-([0-9a-f]{40}(?:[0-9a-f]{24})?)$/.exec(name.slice(start.length)) ?? [];
  if (!name.startsWith(start) || number === undefined || sha === undefined) return undefined;
  return { pull: Number(number), base: parseCommitSha(sha) };
}
