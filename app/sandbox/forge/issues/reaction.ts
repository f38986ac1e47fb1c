import type { JsonObject, Repo } from "#sandbox/forge/contract.ts";

const reactionContents = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"] as const;

/** Collection "reactions". */
export type ReactionRecord = {
  id: number;
  on: { kind: "issue" | "comment"; id: number };
  /** login */
  user: string;
  content: string;
  created_at: string;
};

export function reactionsOn(repo: Repo, on: ReactionRecord["on"]): ReactionRecord[] {
  return repo
    .store<ReactionRecord>("reactions")
    .list()
    .filter((one) => one.on.kind === on.kind && one.on.id === on.id);
}

/** Schema "reaction-rollup". */
export function countReactions(repo: Repo, on: ReactionRecord["on"], url: string): JsonObject {
  const found = reactionsOn(repo, on);
  const counts = reactionContents.map((content): [string, number] => [
    content,
    found.filter((one) => one.content === content).length,
  ]);
  return { url: `${url}/reactions`, total_count: found.length, ...Object.fromEntries(counts) };
}
