import { githubObjects } from "#github/objects/github-objects.ts";
import type { ObjectStore } from "#core/object-store.ts";
import type { Git } from "#git/open-git.ts";
import { openService } from "#cli/remote.ts";
import { ExitError } from "#cli/exit-error.ts";
import type { CloneOptions } from "./open-clone.ts";

/** The assets of the releases of a clone's own repository on its service. */
export async function releaseObjects(git: Git, options: CloneOptions): Promise<ObjectStore> {
  const named = options.repository ?? (await git.ask(["config", "--get", "remote.origin.url"]))?.trim();
  if (named === undefined || named === "")
    throw new ExitError(
      2,
      "Cannot reach the assets of releases: the clone has no remote called origin; name the repository with --repository owner/name",
    );
  const address = named.replace(/^(?:ssh:\/\/)?git@([^:/]+)[:/]/, "https://$1/");
  const { octokit, owner, name } = openService({ ...options, repository: address });
  return githubObjects({ octokit, owner, repo: name });
}
