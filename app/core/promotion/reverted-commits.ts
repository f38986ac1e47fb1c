const says = /^This reverts commit ([0-9a-f]{40}(?:[0-9a-f]{24})?)\b/gm;

/** The commits that these messages say they revert, as `git revert` and the service's button write it; ten at most. */
export function readRevertedCommits(messages: readonly string[]): readonly string[] {
  const found = messages.flatMap((message) =>
    [...message.slice(0, 20_000).matchAll(says)].map((match) => match[1] ?? ""),
  );
  return [...new Set(found)].slice(0, 10);
}
