import type { Account, Permissions } from "#sandbox/forge/records.ts";
import type { State } from "#sandbox/forge/storage/state.ts";
import { makeAppToken, makeUserToken, type TokenRecord } from "#sandbox/forge/auth/token-record.ts";
import { actionsAppId } from "#sandbox/forge/auth/authenticate.ts";

const actionsBotId = 41_898_282;
const login = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,38})(?:\[bot\])?$/;

/** A new account. Throws where the login is taken or is none. */
export function addAccount(state: State, account: Omit<Account, "id"> & { id?: number }): Account {
  if (!login.test(account.login))
    throw new Error(`Cannot create the account "${account.login}": a login holds letters, digits and "-"`);
  if (state.account(account.login) !== undefined)
    throw new Error(`Cannot create the account "${account.login}": it exists`);
  return state.accounts.add({ ...account, id: account.id ?? state.nextId() });
}

/** The app behind GITHUB_TOKEN and its bot, with GitHub's own ids. */
export function addActionsApp(state: State, now: string): void {
  if (state.apps.get(actionsAppId) !== undefined) return;
  const github =
    state.account("github") ??
    addAccount(state, { login: "github", type: "Organization", name: "GitHub", email: null, created_at: now });
  state.apps.add({
    id: actionsAppId,
    slug: "github-actions",
    name: "GitHub Actions",
    owner: github.login,
    permissions: {
      actions: "write",
      checks: "write",
      contents: "write",
      issues: "write",
      metadata: "read",
      pull_requests: "write",
    },
    events: [],
    publicKey: null,
    created_at: now,
  });
  addAccount(state, {
    id: actionsBotId,
    login: "github-actions[bot]",
    type: "Bot",
    name: null,
    email: null,
    created_at: now,
  });
}

export function addUserToken(state: State, of: string): string {
  const account = state.account(of);
  if (account === undefined) throw new Error(`Cannot create a token for "${of}": there is no such account`);
  return addToken(state, { kind: "user", login: account.login, expires_at: null, token: makeUserToken() });
}

export function addJobToken(
  state: State,
  job: { repository: number; permissions: Permissions; run: number | null; expires_at: string },
): string {
  return addToken(state, { kind: "job", ...job, token: makeAppToken(actionsAppId) });
}

export function addInstallationToken(
  state: State,
  app: number,
  token: { installation: number; permissions: Permissions; repositories: readonly number[] | null; expires_at: string },
): string {
  return addToken(state, { kind: "installation", ...token, token: makeAppToken(app) });
}

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

function addToken(state: State, record: WithoutId<TokenRecord>): string {
  state.tokens.add({ ...record, id: state.nextId() });
  return record.token;
}

export function removeToken(state: State, token: string): boolean {
  const record = state.tokens.find((one) => one.token === token);
  return record !== undefined && state.tokens.remove(record.id);
}
