import { addInstallationToken, removeToken } from "#sandbox/forge/admin/accounts.ts";
import { isInstalledOn } from "#sandbox/forge/admin/apps.ts";
import { type GithubError, githubError } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { presentRepository } from "#sandbox/forge/present/repository.ts";
import type { InstallationRecord, Level, Permissions } from "#sandbox/forge/records.ts";
import { appOf, mustFindInstallation } from "./app.ts";

const levels: Readonly<Record<Level, number>> = { read: 1, write: 2, admin: 3 };
const hourMs = 3_600_000;

type Asked = { repositories?: readonly string[]; repository_ids?: readonly number[]; permissions?: Permissions };

const refuse = (what: string): GithubError =>
  githubError(422, `The ${what} requested are not granted to this installation.`);

/** Tokens of installations: an hour long, narrowed to repositories and permissions on request. */
export function registerTokens(forge: ForgeInside): void {
  forge.route<Asked>("POST /app/installations/{installation_id}/access_tokens", {
    permission: "app-jwt",
    handler: (ctx) => {
      const installation = mustFindInstallation(forge, appOf(ctx), ctx.params["installation_id"]);
      const permissions = narrow(installation.permissions, ctx.body.permissions);
      const repositories = chooseRepositories(forge, installation, ctx.body);
      const expires_at = new Date(forge.tokenClock().getTime() + hourMs).toISOString().replace(/\.\d{3}Z$/, "Z");
      const token = addInstallationToken(forge.state, installation.app, {
        installation: installation.id,
        permissions,
        repositories,
        expires_at,
      });
      const chosen = repositories?.map((id) => forge.repoById(id)).filter((repo) => repo !== undefined);
      return {
        status: 201,
        body: {
          token,
          expires_at,
          permissions,
          repository_selection: repositories === null && installation.repositories === null ? "all" : "selected",
          ...(chosen === undefined ? {} : { repositories: chosen.map((repo) => presentRepository(forge, repo)) }),
        },
      };
    },
  });
  forge.route("GET /installation/repositories", {
    permission: { metadata: "read" },
    handler: (ctx) => {
      const { actor } = ctx;
      if (actor.kind !== "installation") throw githubError(403, "Resource not accessible by integration");
      const reached = forge
        .repos()
        .filter((repo) => isInstalledOn(actor.installation, repo))
        .filter((repo) => actor.repositories === null || actor.repositories.includes(repo.id));
      return paginate(ctx, reached, (repo) => presentRepository(forge, repo), "repositories");
    },
  });
  forge.route("DELETE /installation/token", {
    permission: { metadata: "read" },
    handler: (ctx) => {
      if (ctx.actor.kind !== "installation") throw githubError(403, "Resource not accessible by integration");
      removeToken(forge.state, ctx.request.headers.authorization?.split(/\s+/)[1] ?? "");
      return { status: 204 };
    },
  });
}

function narrow(held: Permissions, asked: Permissions | undefined): Permissions {
  if (asked === undefined) return held;
  for (const [name, level] of Object.entries(asked)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the validator knows the names
    const has = held[name as keyof Permissions];
    if (has === undefined || levels[has] < levels[level]) throw refuse("permissions");
  }
  return { metadata: "read", ...asked };
}

function chooseRepositories(
  forge: ForgeInside,
  installation: InstallationRecord,
  asked: Asked,
): readonly number[] | null {
  if (asked.repositories === undefined && asked.repository_ids === undefined) return null;
  const reached = forge.repos().filter((repo) => isInstalledOn(installation, repo));
  const named = (asked.repositories ?? []).map(
    (name) => reached.find((repo) => repo.record.name.toLowerCase() === name.toLowerCase())?.id,
  );
  const ids = [...(asked.repository_ids ?? []), ...named];
  const known = ids.filter((id) => id !== undefined && reached.some((repo) => repo.id === id));
  if (known.length !== ids.length) {
    throw githubError(
      422,
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  }
  return known.filter((id) => id !== undefined);
}
