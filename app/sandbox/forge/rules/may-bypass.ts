import { hasRole } from "#sandbox/forge/auth/permit.ts";
import type { Actor, Repo } from "#sandbox/forge/contract.ts";
import type { Role } from "#sandbox/forge/records.ts";
import type { BypassActor, RulesetRecord } from "./ruleset.ts";

/** GitHub's ids of the roles that can be named */
const roles: ReadonlyMap<number, Role> = new Map([
  [2, "maintain"],
  [4, "write"],
  [5, "admin"],
]);

/** How an actor stands to a ruleset. Being an administrator is no bypass, as long as the ruleset does not say so. */
export function bypassOf(repo: Repo, ruleset: RulesetRecord, actor: Actor): "always" | "pull_requests_only" | "never" {
  const modes = ruleset.bypass_actors
    .filter((one) => isMeant(repo, one, actor))
    .map(({ bypass_mode = "always" }) => bypass_mode);
  if (modes.some((mode) => mode !== "pull_request")) return "always";
  return modes.length > 0 ? "pull_requests_only" : "never";
}

function isMeant(repo: Repo, { actor_type, actor_id }: BypassActor, actor: Actor): boolean {
  switch (actor_type) {
    case "Integration":
      return "app" in actor && actor.app.id === actor_id;
    case "RepositoryRole": {
      const role = roles.get(actor_id ?? 0);
      return actor.kind === "user" && role !== undefined && hasRole(repo.roleOf(actor.account.login), role);
    }
    case "User":
      return actor.kind === "user" && actor.account.id === actor_id;
    default:
      return false;
  }
}
