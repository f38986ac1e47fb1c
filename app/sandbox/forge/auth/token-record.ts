import { randomBytes } from "node:crypto";
import type { Permissions } from "#sandbox/forge/records.ts";

export type TokenRecord = { id: number; token: string; expires_at: string | null } & (
  | { kind: "user"; login: string }
  | { kind: "installation"; installation: number; permissions: Permissions; repositories: readonly number[] | null }
  | { kind: "job"; repository: number; permissions: Permissions; run: number | null }
);

const letters = (length: number): string =>
  randomBytes(length).toString("base64url").replaceAll(/[-_]/g, "x").slice(0, length);

/** A person's token: `ghp_` and 36 letters. */
export function makeUserToken(): string {
  return `ghp_${letters(36)}`;
}

/** An installation's token as GitHub makes them since 2026: `ghs_APPID_` and a JWT, about 520 characters with dots. */
export function makeAppToken(app: number): string {
  const header = Buffer.from('{"typ":"JWT","alg":"RS256"}').toString("base64url");
  return `ghs_${app}_${header}.${letters(120)}.${letters(342)}`;
}
