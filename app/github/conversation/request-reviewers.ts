import { ServiceError } from "#core/ports.ts";
import { ask, type Act } from "#github/client/explain-error.ts";
import { at, type GitHub } from "#github/client/octokit.ts";

/**
 * Asks people and teams to review. `org/team` is a team; a bare name is tried as a person, then as a team of the owner,
 * since a config may name either.
 */
export async function requestReviewers(
  github: GitHub,
  number: number,
  names: readonly string[],
  act: Act,
): Promise<void> {
  const request = async (who: { reviewers: string[] } | { team_reviewers: string[] }): Promise<void> => {
    await ask(act, async () =>
      github.octokit.request("POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", {
        ...at(github),
        pull_number: number,
        ...who,
      }),
    );
  };
  const clean = names.map((name) => name.replace(/^@/, ""));
  const teams = clean.filter((name) => name.includes("/")).map((name) => name.slice(name.indexOf("/") + 1));
  const people = clean.filter((name) => !name.includes("/"));
  if (teams.length > 0) await request({ team_reviewers: teams });
  if (people.length === 0) return;
  try {
    return await request({ reviewers: people });
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  // one name that is no person makes GitHub refuse them all
  for (const name of people) {
    try {
      await request({ reviewers: [name] });
    } catch (error) {
      if (!isRefused(error)) throw error;
      await request({ team_reviewers: [name] });
    }
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof ServiceError && (error.code === "refused" || error.code === "not-found");
}
