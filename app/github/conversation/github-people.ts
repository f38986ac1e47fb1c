import type { People } from "#core/ports.ts";
import { at, type GitHub } from "#github/client/octokit.ts";

/** The People port on GitHub's API. Asked anew each time, as rights are taken away too; whatever goes wrong is a no. */
export function githubPeople(github: GitHub): People {
  return {
    async mayWrite(login) {
      try {
        const { data } = await github.octokit.request("GET /repos/{owner}/{repo}/collaborators/{username}/permission", {
          ...at(github),
          username: login,
        });
        // "maintain" is told as "write" here, custom roles as the one they build on
        return data.permission === "admin" || data.permission === "write";
      } catch {
        return false;
      }
    },
  };
}
