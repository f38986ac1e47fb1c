import type { IncomingMessage } from "node:http";
import { type Actor, githubError } from "#sandbox/forge/contract.ts";
import type { State } from "#sandbox/forge/storage/state.ts";
import { looksLikeJwt, verifyAppJwt } from "./app-jwt.ts";
import type { TokenRecord } from "./token-record.ts";

export const anonymous: Actor = { kind: "anonymous", account: null };
export const actionsAppId = 15_368;

/** Who sends this request. Throws 401 "Bad credentials" for a token that is unknown or has expired. */
export function authenticate(state: State, request: IncomingMessage, now: Date): Actor {
  const token = readToken(request.headers.authorization);
  return token === undefined ? anonymous : actorOfToken(state, token, now);
}

function readToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [scheme = "", value = ""] = header.split(/\s+/, 2);
  if (/^(?:token|bearer)$/i.test(scheme)) return value;
  if (/^basic$/i.test(scheme)) {
    const [user = "", password = ""] = Buffer.from(value, "base64").toString("utf8").split(/:(.*)/s, 2);
    // a token alone in the user's place works too
    return password === "" || password === "x-oauth-basic" ? user : password;
  }
  throw githubError(401, "Bad credentials");
}

export function actorOfToken(state: State, token: string, now: Date): Actor {
  if (looksLikeJwt(token)) {
    const app = verifyAppJwt(token, now, (issuer) =>
      state.apps.find((one) => String(one.id) === issuer || clientId(one.id) === issuer),
    );
    return { kind: "app", app, account: mustFind(state, `${app.slug}[bot]`) };
  }
  const record = state.tokens.find((one) => one.token === token);
  if (record === undefined || (record.expires_at !== null && Date.parse(record.expires_at) <= now.getTime())) {
    throw githubError(401, "Bad credentials");
  }
  return actorOfRecord(state, record);
}

/** Apps are known by this too (JWT issuer). */
export function clientId(app: number): string {
  return `Iv23li${String(app).padStart(14, "0")}`;
}

function actorOfRecord(state: State, record: TokenRecord): Actor {
  switch (record.kind) {
    case "user":
      return { kind: "user", account: mustFind(state, record.login) };
    case "job": {
      const app = state.apps.get(actionsAppId);
      if (app === undefined) throw new Error('The app "github-actions" is gone');
      const { repository, permissions, run } = record;
      return { kind: "job", app, account: mustFind(state, "github-actions[bot]"), repository, permissions, run };
    }
    case "installation": {
      const installation = state.installations.get(record.installation);
      const app = installation === undefined ? undefined : state.apps.get(installation.app);
      if (installation === undefined || app === undefined) throw githubError(401, "Bad credentials");
      const { permissions, repositories } = record;
      const account = mustFind(state, `${app.slug}[bot]`);
      return { kind: "installation", account, app, installation, permissions, repositories };
    }
  }
}

function mustFind(state: State, login: string): NonNullable<ReturnType<State["account"]>> {
  const account = state.account(login);
  if (account === undefined) throw githubError(401, "Bad credentials");
  return account;
}
