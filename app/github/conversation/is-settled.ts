import { ask, type Act } from "#github/client/explain-error.ts";
import { at, type GitHub } from "#github/client/octokit.ts";

/** Anybody may approve what is public: a stranger's yes is no reason to stand still. */
const insiders = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

/**
 * Has somebody approved a pull request and not taken that back, or is it in a merge queue? A queue shows by the branch
 * that it makes of the pull request; REST says no more of it.
 */
export async function isSettled(github: GitHub, number: number, act: Act): Promise<"approved" | "queued" | undefined> {
  const reviews = await ask(act, async () =>
    github.octokit.paginate("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", {
      ...at(github),
      pull_number: number,
      per_page: 100,
    }),
  );
  const last = new Map<string, string>();
  for (const { user, state, author_association: association } of reviews)
    if (state !== "COMMENTED" && insiders.has(association)) last.set(user?.login ?? "", state);
  if ([...last.values()].includes("APPROVED")) return "approved";
  const { data: groups } = await ask(act, async () =>
    github.octokit.request("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", {
      ...at(github),
      ref: "heads/gh-readonly-queue/",
    }),
  );
  return groups.some(({ ref }) => ref.includes(`/pr-${number}-`)) ? "queued" : undefined;
}
