import {
  type Actor,
  type GithubError,
  githubError,
  type Need,
  type Repo,
  type RouteOptions,
} from "#sandbox/forge/contract.ts";
import type { Level, Permissions, Role } from "#sandbox/forge/records.ts";

const levels: Readonly<Record<Level, number>> = { read: 1, write: 2, admin: 3 };
const roles: Readonly<Record<Role, number>> = { read: 1, triage: 2, write: 3, maintain: 4, admin: 5 };

export function hasRole(role: Role | null, needed: Role): boolean {
  return role !== null && roles[role] >= roles[needed];
}

function grants(permissions: Permissions, needed: Permissions): boolean {
  return Object.entries(needed).every(([name, level]) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of Permissions
    const held = permissions[name as keyof Permissions] ?? (name === "metadata" ? "read" : undefined);
    return held !== undefined && levels[held] >= levels[level];
  });
}

/** Does this actor's token reach this repository at all? (What is public can be read without.) */
export function reaches(actor: Actor, repo: Repo): boolean {
  switch (actor.kind) {
    case "anonymous":
    case "app":
      return false;
    case "user":
      return repo.roleOf(actor.account.login) !== null;
    case "job":
      return actor.repository === repo.id;
    case "installation": {
      const { account, repositories } = actor.installation;
      if (account.toLowerCase() !== repo.record.owner.toLowerCase()) return false;
      return [repositories, actor.repositories].every((list) => list === null || list.includes(repo.id));
    }
  }
}

/** Throws 404 for a repository that this actor must not know of. */
export function mustSee(actor: Actor, repo: Repo | undefined): Repo {
  if (repo === undefined || (repo.record.private && !reaches(actor, repo))) throw githubError(404, "Not Found");
  return repo;
}

const reads = (needed: Permissions): boolean => Object.values(needed).every((level) => level === "read");

function neededRole(needed: Permissions): Role {
  if (needed.administration !== undefined || needed.repository_hooks !== undefined) return "admin";
  return reads(needed) ? "read" : "write";
}

const refused = (): GithubError => githubError(403, "Resource not accessible by integration");

function isList(need: Permissions | readonly Permissions[]): need is readonly Permissions[] {
  return Array.isArray(need);
}

/** Throws 401, 403 or 404 unless the actor may do what the route asks. */
export function permit(
  actor: Actor,
  need: Need,
  repo: Repo | undefined,
  options: Pick<RouteOptions<never>, "role" | "appsOnly">,
): void {
  if (need === "none") return;
  if (need === "app-jwt") {
    if (actor.kind !== "app") throw githubError(401, "A JSON web token could not be decoded");
    return;
  }
  if (actor.kind === "app") throw githubError(403, "Resource not accessible by integration");
  if (need === "user") {
    if (actor.kind === "anonymous") throw githubError(401, "Requires authentication");
    if (actor.kind !== "user") throw refused();
    return;
  }
  const alternatives = isList(need) ? need : [need];
  const isPublic = repo !== undefined && !repo.record.private && alternatives.some(reads);
  if (actor.kind === "anonymous") {
    if (isPublic) return;
    throw githubError(401, "Requires authentication");
  }
  if (actor.kind === "user") {
    if (options.appsOnly === true) throw githubError(403, "You must authenticate via a GitHub App.");
    if (repo === undefined) return;
    const role = repo.roleOf(actor.account.login);
    const allowed = options.role === undefined ? alternatives.map(neededRole) : [options.role];
    if (!allowed.some((one) => hasRole(role, one))) {
      throw githubError(403, "Resource not accessible by personal access token");
    }
    return;
  }
  const inScope = repo === undefined || reaches(actor, repo);
  if (inScope && alternatives.some((needed) => grants(actor.permissions, needed))) return;
  // public things of other repositories can be read by anyone; of one's own, the token's permissions count
  if (!inScope && isPublic) return;
  throw refused();
}
