import { type Context, githubError, type JsonObject } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { nodeId } from "#sandbox/forge/present/account.ts";
import { bypassOf } from "./may-bypass.ts";
import { readRules } from "./read-rules.ts";
import { type BypassActor, rulesetsFor, type RulesetRecord } from "./ruleset.ts";

type Written = {
  name?: string;
  target?: "branch" | "tag" | "push";
  enforcement?: RulesetRecord["enforcement"];
  bypass_actors?: readonly BypassActor[];
  conditions?: { ref_name?: { include?: readonly string[]; exclude?: readonly string[] } };
  rules?: readonly JsonObject[];
};

const all = "/repos/{owner}/{repo}/rulesets";
const one = `${all}/{ruleset_id}`;

/** Rulesets: written by administrators, read by whoever may read the repository. */
export function rulesetRoutes(forge: ForgeInside): void {
  forge.route(`GET ${all}`, {
    permission: { metadata: "read" },
    handler: (ctx) =>
      paginate(ctx, ctx.repo.store<RulesetRecord>("rulesets").list(), (ruleset) => presentBriefly(ctx, ruleset)),
  });
  forge.route<Written>(`POST ${all}`, {
    permission: { administration: "write" },
    handler: (ctx) => {
      const { name = "", enforcement = "active" } = ctx.body;
      const { repo, now } = ctx;
      const same = repo.store<RulesetRecord>("rulesets").find((ruleset) => ruleset.name === name);
      if (same !== undefined) throw githubError(422, "Validation Failed", ["Name must be unique"]);
      const blank: RulesetRecord = {
        id: forge.nextId(),
        name,
        target: "branch",
        enforcement,
        bypass_actors: [],
        conditions: { ref_name: { include: [], exclude: [] } },
        rules: [],
        created_at: now,
        updated_at: now,
      };
      const ruleset = repo.store<RulesetRecord>("rulesets").add({ ...blank, ...readChange(ctx.body) });
      return { status: 201, body: present(ctx, ruleset) };
    },
  });
  forge.route(`GET ${one}`, {
    permission: { metadata: "read" },
    handler: (ctx) => ({ status: 200, body: present(ctx, find(ctx)) }),
  });
  forge.route<Written>(`PUT ${one}`, {
    permission: { administration: "write" },
    handler: (ctx) => {
      const change = { ...readChange(ctx.body), updated_at: ctx.now };
      return { status: 200, body: present(ctx, ctx.repo.store<RulesetRecord>("rulesets").set(find(ctx).id, change)) };
    },
  });
  forge.route(`DELETE ${one}`, {
    permission: { administration: "write" },
    handler: (ctx) => {
      ctx.repo.store<RulesetRecord>("rulesets").remove(find(ctx).id);
      return { status: 204 };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/rules/branches/{branch...}", {
    permission: { metadata: "read" },
    handler: (ctx) => {
      const { repo, params } = ctx;
      const rules = rulesetsFor(repo, `refs/heads/${params["branch"] ?? ""}`).flatMap(({ id, rules: own }) =>
        own.map((rule) => ({
          ...rule,
          ruleset_source_type: "Repository",
          ruleset_source: repo.fullName,
          ruleset_id: id,
        })),
      );
      return paginate(ctx, rules);
    },
  });
}

function find(ctx: Context<unknown>): RulesetRecord {
  const found = ctx.repo.store<RulesetRecord>("rulesets").get(Number(ctx.params["ruleset_id"]));
  if (found === undefined) throw githubError(404, "Not Found");
  return found;
}

function readChange({ name, target, enforcement, bypass_actors, conditions, rules }: Written): Partial<RulesetRecord> {
  if (target === "push") throw githubError(501, "The sandbox knows rulesets for branches and tags only");
  const include = conditions?.ref_name?.include ?? [];
  const bad = include.find((pattern) => !/^(?:~ALL$|~DEFAULT_BRANCH$|refs\/)/.test(pattern));
  if (bad !== undefined) {
    throw githubError(422, "Validation Failed", [`Invalid target patterns: '${bad}'`]);
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(target === undefined ? {} : { target }),
    ...(enforcement === undefined ? {} : { enforcement }),
    ...(bypass_actors === undefined ? {} : { bypass_actors }),
    ...(conditions === undefined
      ? {}
      : { conditions: { ref_name: { include, exclude: conditions.ref_name?.exclude ?? [] } } }),
    ...(rules === undefined ? {} : { rules: readRules(rules) }),
  };
}

function presentBriefly({ forge, repo }: Context<unknown>, ruleset: RulesetRecord): JsonObject {
  const { id, name, target, enforcement, created_at, updated_at } = ruleset;
  return {
    id,
    name,
    target,
    enforcement,
    created_at,
    updated_at,
    source_type: "Repository",
    source: repo.fullName,
    node_id: nodeId("RRS", id),
    _links: {
      self: { href: `${forge.urls.api}/repos/${repo.fullName}/rulesets/${id}` },
      html: { href: `${forge.urls.server}/${repo.fullName}/rules/${id}` },
    },
  };
}

/** Schema "repository-ruleset". Who may bypass it is shown to those who may change it. */
function present(ctx: Context<unknown>, ruleset: RulesetRecord): JsonObject {
  const { repo, actor } = ctx;
  const { conditions, rules, bypass_actors } = ruleset;
  const maySee =
    actor.kind === "user"
      ? repo.roleOf(actor.account.login) === "admin"
      : "permissions" in actor && actor.permissions.administration === "write";
  return {
    ...presentBriefly(ctx, ruleset),
    conditions,
    rules,
    current_user_can_bypass: bypassOf(repo, ruleset, actor),
    ...(maySee ? { bypass_actors } : {}),
  };
}
