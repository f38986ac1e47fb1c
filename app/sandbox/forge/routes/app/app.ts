import { type Answer, githubError, type Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { hookOfApp, isInstalledOn } from "#sandbox/forge/admin/apps.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { presentAccount } from "#sandbox/forge/present/account.ts";
import { presentApp, presentInstallation } from "#sandbox/forge/present/app.ts";
import type { AppRecord, HookRecord, InstallationRecord } from "#sandbox/forge/records.ts";

const jwt = { permission: "app-jwt" } as const;

/** The app that signed the request. */
export function appOf(ctx: { actor: { kind: string; app?: AppRecord } }): AppRecord {
  const { app } = ctx.actor;
  if (ctx.actor.kind !== "app" || app === undefined) throw githubError(401, "A JSON web token could not be decoded");
  return app;
}

export function mustFindInstallation(forge: ForgeInside, app: AppRecord, id: string | undefined): InstallationRecord {
  const found = forge.state.installations.get(Number(id));
  if (found === undefined || found.app !== app.id) throw githubError(404, "Not Found");
  return found;
}

export function mustFindHook(forge: ForgeInside, app: AppRecord): HookRecord {
  const hook = hookOfApp(forge.state, app.id);
  if (hook === undefined) throw githubError(404, "Not Found");
  return hook;
}

/** An app about itself, its installations and its hook. */
export function registerApp(forge: ForgeInside): void {
  const { state } = forge;
  const installed = (app: AppRecord, test: (one: InstallationRecord) => boolean): Answer => {
    const found = state.installations.find((one) => one.app === app.id && test(one));
    if (found === undefined) throw githubError(404, "Not Found");
    return { status: 200, body: presentInstallation(forge, app, found) };
  };
  forge.route("GET /app", {
    ...jwt,
    handler: (ctx) => {
      const app = appOf(ctx);
      const installations_count = state.installations.list().filter((one) => one.app === app.id).length;
      return { status: 200, body: { ...presentApp(forge, app), installations_count } };
    },
  });
  forge.route("GET /app/installations", {
    ...jwt,
    handler: (ctx) => {
      const app = appOf(ctx);
      const all = state.installations.list().filter((one) => one.app === app.id);
      return paginate(ctx, all, (one) => presentInstallation(forge, app, one));
    },
  });
  forge.route("GET /app/installations/{installation_id}", {
    ...jwt,
    handler: (ctx) => {
      const app = appOf(ctx);
      return {
        status: 200,
        body: presentInstallation(forge, app, mustFindInstallation(forge, app, ctx.params["installation_id"])),
      };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/installation", {
    ...jwt,
    handler: (ctx) => {
      const repo: Repo = ctx.repo;
      return installed(appOf(ctx), (one) => isInstalledOn(one, repo));
    },
  });
  forge.route("GET /users/{username}/installation", {
    ...jwt,
    handler: (ctx) =>
      installed(appOf(ctx), (one) => one.account.toLowerCase() === ctx.params["username"]?.toLowerCase()),
  });
  forge.route("GET /app/hook/config", {
    ...jwt,
    handler: (ctx) => ({ status: 200, body: presentHookConfig(mustFindHook(forge, appOf(ctx))) }),
  });
  forge.route<{ url?: string; secret?: string }>("PATCH /app/hook/config", {
    ...jwt,
    handler: (ctx) => {
      const { url, secret } = ctx.body;
      const change = { ...(url === undefined ? {} : { url }), ...(secret === undefined ? {} : { secret }) };
      const hook = state.hooks.set(mustFindHook(forge, appOf(ctx)).id, change);
      return { status: 200, body: presentHookConfig(hook) };
    },
  });
  forge.route("GET /user", {
    permission: "user",
    handler: (ctx) => ({ status: 200, body: presentPerson(forge, ctx.login) }),
  });
  forge.route("GET /users/{username}", {
    permission: "none",
    handler: (ctx) => {
      const account = forge.account(ctx.params["username"] ?? "");
      if (account === undefined) throw githubError(404, "Not Found");
      return { status: 200, body: presentPerson(forge, account.login) };
    },
  });
}

function presentHookConfig(hook: HookRecord): Record<string, unknown> {
  return {
    content_type: "json",
    insecure_ssl: "0",
    url: hook.url,
    ...(hook.secret === null ? {} : { secret: "********" }),
  };
}

/** Schema "public-user". */
function presentPerson(forge: ForgeInside, login: string): Record<string, unknown> {
  const account = forge.account(login);
  return {
    ...presentAccount(forge.urls, account),
    name: account?.name ?? null,
    company: null,
    blog: "",
    location: null,
    email: account?.email ?? null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: forge.repos().filter((repo) => repo.record.owner === login).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account?.created_at ?? forge.instant(),
    updated_at: account?.created_at ?? forge.instant(),
  };
}
