import { githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { nodeId } from "#sandbox/forge/present/account.ts";
import { presentCommit } from "#sandbox/forge/present/commit.ts";
import { rulesetsFor } from "#sandbox/forge/rules/ruleset.ts";

function isProtected(repo: Repo, branch: string): boolean {
  return (
    (repo.record.required_checks?.[branch] ?? []).length > 0 || rulesetsFor(repo, `refs/heads/${branch}`).length > 0
  );
}

function presentProtection(repo: Repo, branch: string): JsonObject {
  const contexts = repo.record.required_checks?.[branch] ?? [];
  const checks = contexts.map((context) => ({ context, app_id: null }));
  const level = contexts.length > 0 ? "non_admins" : "off";
  return { enabled: contexts.length > 0, required_status_checks: { enforcement_level: level, contexts, checks } };
}

/** Branches and tags. */
export function registerBranches(forge: ForgeInside): void {
  const protectionUrl = (repo: Repo, name: string): string =>
    `${forge.urls.api}/repos/${repo.fullName}/branches/${encodeURIComponent(name)}/protection`;
  forge.route("GET /repos/{owner}/{repo}/branches", {
    permission: { contents: "read" },
    handler: async (ctx) => {
      const { repo, query } = ctx;
      const refs = await repo.git.refs("refs/heads/");
      const branches = refs.map(({ name, sha }) => ({ name: name.slice("refs/heads/".length), sha }));
      const wanted = query["protected"];
      const shown = branches.filter(
        ({ name }) => wanted === undefined || isProtected(repo, name) === (wanted === "true"),
      );
      return paginate(ctx, shown, ({ name, sha }) => ({
        name,
        commit: { sha, url: `${forge.urls.api}/repos/${repo.fullName}/commits/${sha}` },
        protected: isProtected(repo, name),
        protection: presentProtection(repo, name),
        protection_url: protectionUrl(repo, name),
      }));
    },
  });
  forge.route("GET /repos/{owner}/{repo}/branches/{branch...}", {
    permission: { contents: "read" },
    handler: async ({ repo, params }) => {
      const name = params["branch"] ?? "";
      const sha = await repo.git.branch(name);
      const commit = sha === undefined ? undefined : await repo.git.commit(sha);
      if (commit === undefined) throw githubError(404, "Branch not found");
      const self = `${forge.urls.api}/repos/${repo.fullName}/branches/${name}`;
      return {
        status: 200,
        body: {
          name,
          commit: presentCommit(forge, repo, commit),
          _links: { self, html: `${forge.urls.server}/${repo.fullName}/tree/${name}` },
          protected: isProtected(repo, name),
          protection: presentProtection(repo, name),
          protection_url: protectionUrl(repo, name),
        },
      };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/tags", {
    permission: { contents: "read" },
    handler: async (ctx) => {
      const { repo } = ctx;
      const refs = await repo.git.refs("refs/tags/");
      return paginate(ctx, refs.toReversed(), async (ref) => {
        const name = ref.name.slice("refs/tags/".length);
        const sha = (await repo.git.resolve(ref.name)) ?? ref.sha;
        const url = `${forge.urls.api}/repos/${repo.fullName}`;
        return {
          name,
          zipball_url: `${url}/zipball/${ref.name}`,
          tarball_url: `${url}/tarball/${ref.name}`,
          commit: { sha, url: `${url}/commits/${sha}` },
          node_id: nodeId("REF", repo.id) + Buffer.from(ref.name).toString("base64url"),
        };
      });
    },
  });
}
