import { expect, it } from "vitest";
import { readRevertedCommits } from "#core/promotion/reverted-commits.ts";

const [a, b] = ["a1".repeat(20), "b2".repeat(20)];

it.for<readonly [what: string, messages: readonly string[], commits: readonly string[]]>([
  ["as git revert writes it", [`Revert "Better"\n\nThis reverts commit ${a}.`], [a]],
  ["of a merge", [`Revert "Merge #7"\n\nThis reverts commit ${a}, reversing\nchanges made to ${b}.`], [a]],
  [
    "of several, once each",
    [`This reverts commit ${a}.\n\nThis reverts commit ${b}.`, `This reverts commit ${a}.`],
    [a, b],
  ],
  ["by SHA-256", [`This reverts commit ${"c3".repeat(32)}.`], ["c3".repeat(32)]],
  ["shortened: nothing to rely on", [`This reverts commit ${a.slice(0, 12)}.`], []],
  ["in the middle of a line", [`I think This reverts commit ${a}.`], []],
  ["by title alone", ['Revert "Better"'], []],
  [
    "of more than ten: the first ten",
    [Array.from({ length: 12 }, (_, i) => `This reverts commit ${String(i % 10).repeat(38)}${10 + i}.`).join("\n")],
    Array.from({ length: 10 }, (_, i) => `${String(i).repeat(38)}${10 + i}`),
  ],
])("a revert %s", ([, messages, commits]) => {
  expect(readRevertedCommits(messages)).toEqual(commits);
});
