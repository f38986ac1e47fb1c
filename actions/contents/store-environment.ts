import * as core from "@actions/core";

/** What the client of a bucket may be told by the environment. */
const names = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
] as const;

/**
 * The credentials of a store: lines of the secret that the workflow passes, else the job's environment (as OIDC sets it).
 * They are for our part alone: no command of the team gets them by this, and logs show none.
 */
export function storeEnvironment(
  secrets: string,
  host: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const given = new Map<string, string>();
  for (const line of secrets.split(/\r?\n/)) {
    const at = line.indexOf("=");
    if (at > 0) given.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  const isWhole = given.has("AWS_ACCESS_KEY_ID");
  const found = names.map(
    (name) => [name, given.get(name) ?? (isWhole && !name.endsWith("REGION") ? undefined : host[name])] as const,
  );
  for (const [name, value] of found)
    if (value !== undefined && value !== "" && !name.endsWith("REGION")) core.setSecret(value);
  return Object.fromEntries(found);
}
