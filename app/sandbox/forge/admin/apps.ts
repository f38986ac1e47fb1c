import { generateKeyPairSync, randomUUID } from "node:crypto";
import type { Forge, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import type { PostOffice } from "#sandbox/forge/events/post-office.ts";
import { nodeId, presentAccount } from "#sandbox/forge/present/account.ts";
import { presentInstallation } from "#sandbox/forge/present/app.ts";
import type { AppRecord, HookRecord, InstallationRecord, Permissions } from "#sandbox/forge/records.ts";
import type { State } from "#sandbox/forge/storage/state.ts";
import { addAccount } from "./accounts.ts";

export type NewApp = {
  slug: string;
  owner: string;
  permissions: Permissions;
  events: readonly string[];
  webhook?: { url: string; secret: string };
};

/** Registers an app: its bot account, its key, its hook. The private key is not kept. */
export function addApp(state: State, now: string, app: NewApp): { app: AppRecord; privateKey: string } {
  if (state.account(app.owner) === undefined)
    throw new Error(`Cannot create the app "${app.slug}": its owner "${app.owner}" does not exist`);
  addAccount(state, { login: `${app.slug}[bot]`, type: "Bot", name: null, email: null, created_at: now });
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const { slug, owner, permissions, events } = app;
  const record = state.apps.add({
    id: state.nextId(),
    slug,
    name: slug,
    owner,
    permissions: { metadata: "read", ...permissions },
    events,
    publicKey: keys.publicKey,
    created_at: now,
  });
  if (app.webhook !== undefined) {
    const { url, secret } = app.webhook;
    state.hooks.add({ id: state.nextId(), target: { kind: "app", app: record.id }, url, secret, events, active: true });
  }
  return { app: record, privateKey: keys.privateKey };
}

/** Installs an app on an account and tells the app so. Throws where it is installed already. */
export function addInstallation(
  forge: Forge,
  state: State,
  office: PostOffice,
  app: AppRecord,
  login: string,
  repositories?: readonly Repo[],
): InstallationRecord {
  const account = state.account(login);
  if (account === undefined) throw new Error(`Cannot install "${app.slug}" on "${login}": there is no such account`);
  if (state.installations.find((one) => one.app === app.id && one.account === account.login) !== undefined) {
    throw new Error(`Cannot install "${app.slug}" on "${login}": it is installed there`);
  }
  const installation = state.installations.add({
    id: state.nextId(),
    app: app.id,
    account: account.login,
    repositories: repositories?.map((repo) => repo.id) ?? null,
    permissions: app.permissions,
    events: app.events,
    created_at: forge.instant(),
  });
  const reached = forge.repos().filter((repo) => isInstalledOn(installation, repo));
  tellApp(forge, state, office, installation, "installation", "created", {
    installation: presentInstallation(forge, app, installation),
    repositories: reached.map(presentName),
    requester: null,
    sender: presentAccount(forge.urls, account),
  });
  return installation;
}

export function isInstalledOn(installation: InstallationRecord, repo: Repo): boolean {
  const { account, repositories } = installation;
  if (account.toLowerCase() !== repo.record.owner.toLowerCase()) return false;
  return repositories === null || repositories.includes(repo.id);
}

export function hookOfApp(state: State, app: number): HookRecord | undefined {
  return state.hooks.find(({ target }) => target.kind === "app" && target.app === app);
}

function presentName(repo: Repo): JsonObject {
  const { record, fullName } = repo;
  return {
    id: repo.id,
    node_id: nodeId("R", repo.id),
    name: record.name,
    full_name: fullName,
    private: record.private,
  };
}

/** An event that concerns no repository. */
function tellApp(
  forge: Forge,
  state: State,
  office: PostOffice,
  installation: InstallationRecord,
  event: string,
  action: string,
  payload: JsonObject,
): void {
  const hook = hookOfApp(state, installation.app);
  if (hook === undefined) return;
  const about = { guid: randomUUID(), event, action, repository: null, redelivery: false };
  office.post(hook, about, installation, { action, ...payload });
}
