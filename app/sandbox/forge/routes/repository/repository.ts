import { githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import { hasRole, reaches } from "#sandbox/forge/auth/permit.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { presentAccount } from "#sandbox/forge/present/account.ts";
import { presentWhole } from "#sandbox/forge/present/repository.ts";
import type { Role } from "#sandbox/forge/records.ts";

const order: readonly Role[] = ["read", "triage", "write", "maintain", "admin"];

function presentRights(role: Role | null): JsonObject {
  const has = (needed: Role): boolean => hasRole(role, needed);
  return {
    admin: has("admin"),
    maintain: has("maintain"),
    push: has("write"),
    triage: has("triage"),
    pull: has("read"),
  };
}

/** The four words that the older field `permission` knows. */
function legacy(role: Role | null): string {
  if (role === null) return "none";
  if (role === "admin") return "admin";
  return hasRole(role, "write") ? "write" : "read";
}

/** A repository, and who may do what in it. */
export function registerRepository(forge: ForgeInside): void {
  forge.route("GET /repos/{owner}/{repo}", {
    permission: { metadata: "read" },
    handler: ({ repo, actor }) => {
      const role = actor.kind === "user" ? repo.roleOf(actor.account.login) : null;
      const rights = actor.kind === "user" || reaches(actor, repo) ? { permissions: presentRights(role) } : {};
      return {
        status: 200,
        body: { ...presentWhole(forge, repo), ...rights },
      };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/hash-algorithm", {
    permission: { metadata: "read" },
    handler: () => ({ status: 200, body: { hash_algorithm: "sha1" } }),
  });
  forge.route("GET /repos/{owner}/{repo}/collaborators", {
    permission: { metadata: "read" },
    role: "write",
    handler: (ctx) => {
      const { repo } = ctx;
      const logins = [repo.record.owner, ...Object.keys(repo.record.collaborators)];
      const { permission } = ctx.query;
      const all = [...new Set(logins)].filter(
        (login) => isRole(permission) === undefined || hasRole(repo.roleOf(login), isRole(permission) ?? "read"),
      );
      return paginate(ctx, all, (login) => ({
        ...presentAccount(forge.urls, forge.account(login)),
        permissions: presentRights(repo.roleOf(login)),
        role_name: repo.roleOf(login) ?? "",
      }));
    },
  });
  forge.route("GET /repos/{owner}/{repo}/collaborators/{username}", {
    permission: { metadata: "read" },
    role: "write",
    handler: ({ repo, params }) => {
      const login = params["username"] ?? "";
      if (!isCollaborator(repo, login)) throw githubError(404, "Not Found");
      return { status: 204 };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/collaborators/{username}/permission", {
    permission: { metadata: "read" },
    role: "write",
    handler: ({ repo, params }) => {
      const login = params["username"] ?? "";
      const account = forge.account(login);
      if (account === undefined) throw githubError(404, `${login} is not a user`);
      // of an app's bot GitHub says "none": its rights are its token's
      const role = account.type === "Bot" ? null : repo.roleOf(login);
      const user = {
        ...presentAccount(forge.urls, account),
        permissions: presentRights(role),
        role_name: role ?? "none",
      };
      return { status: 200, body: { permission: legacy(role), user, role_name: role ?? "none" } };
    },
  });
}

function isRole(permission: string | undefined): Role | undefined {
  const named: Readonly<Record<string, Role>> = { pull: "read", push: "write" };
  return order.find((role) => role === permission) ?? named[permission ?? ""];
}

export function isCollaborator(repo: Repo, login: string): boolean {
  const name = login.toLowerCase();
  return [repo.record.owner, ...Object.keys(repo.record.collaborators)].some((one) => one.toLowerCase() === name);
}
