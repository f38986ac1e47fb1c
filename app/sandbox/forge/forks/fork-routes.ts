import { githubError } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { presentRepository, presentWhole } from "#sandbox/forge/present/repository.ts";
import { addFork } from "./add-fork.ts";
import { forksOf } from "./network.ts";

type Asked = { organization?: string; name?: string; default_branch_only?: boolean };

/** Forks of a repository: made by whoever may read it, listed newest first. */
export function forkRoutes(forge: ForgeInside): void {
  forge.route<Asked>("POST /repos/{owner}/{repo}/forks", {
    // an app would need to be installed on both accounts: the sandbox leaves forking to people
    permission: "user",
    handler: async ({ repo, body, login }) => {
      const { organization, name, default_branch_only: defaultBranchOnly = false } = body;
      if (organization !== undefined) {
        throw githubError(
          501,
          "The sandbox forks to the account of whoever asks: it knows no members of organizations",
        );
      }
      if (repo.record.owner === login) {
        throw githubError(403, "You cannot fork a repository into the account that owns it.");
      }
      const wanted = { owner: login, defaultBranchOnly, ...(name === undefined ? {} : { name }) };
      const fork = await repo.git.exclusively(() => addFork(forge, repo, wanted));
      return { status: 202, body: presentWhole(forge, fork) };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/forks", {
    permission: { metadata: "read" },
    handler: (ctx) => {
      const oldest = ctx.query["sort"] === "oldest";
      const forks = forksOf(forge, ctx.repo);
      return paginate(ctx, oldest ? forks : forks.toReversed(), (fork) => presentRepository(forge, fork));
    },
  });
}
