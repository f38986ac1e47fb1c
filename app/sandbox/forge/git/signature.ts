import type { Account } from "#sandbox/forge/records.ts";
import type { Signature } from "./objects.ts";

/** Who signs commits made on the web. */
export function webSignature(at: Date): Signature {
  return { name: "GitHub", email: "noreply@github.com", seconds: Math.floor(at.getTime() / 1000), zone: "+0000" };
}

/** The address of an account in commits made through the API. */
export function emailOf(account: Account): string {
  return account.email ?? `${account.id}+${account.login}@users.noreply.github.com`;
}

export function signatureOf(account: Account, at: Date): Signature {
  return { ...webSignature(at), name: account.name ?? account.login, email: emailOf(account) };
}

/** The instant of a signature in UTC, as the API shows it. */
export function instantOf(signature: Signature): string {
  return new Date(signature.seconds * 1000).toISOString().replace(".000Z", "Z");
}
