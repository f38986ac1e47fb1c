import type { Repo } from "#sandbox/forge/contract.ts";
import type { ReleaseRecord } from "./release.ts";

/**
 * The release that GitHub calls latest: the last one published as such, else of those that left it to the old rule the
 * one with the newest commit. Drafts, prereleases and what asked not to be are out.
 */
export function latestRelease(repo: Repo): ReleaseRecord | undefined {
  const eligible = repo
    .store<ReleaseRecord>("releases")
    .list()
    .filter((release) => !release.draft && !release.prerelease && release.make_latest !== "false");
  const chosen = eligible.filter((release) => release.make_latest === "true");
  if (chosen.length > 0) return chosen.toSorted((a, b) => b.turn - a.turn)[0];
  return eligible.toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at) || b.turn - a.turn)[0];
}
