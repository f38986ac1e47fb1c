import type { Writer } from "./octokit.ts";

type Written = {
  user?: { login: string } | null;
  performed_via_github_app?: { slug?: string } | null;
};

/** The account that our writing appears under. No person can have a login with brackets. */
export function loginOf(writer: Writer): string {
  return writer.kind === "app" ? `${writer.slug}[bot]` : "github-actions[bot]";
}

/** Did we write this? Whatever anybody else wrote is never taken for ours, whatever it says. */
export function isOwn(writer: Writer, written: Written): boolean {
  if (written.user?.login !== loginOf(writer)) return false;
  const via = written.performed_via_github_app?.slug;
  return via === undefined || via === slugOf(writer);
}

export function slugOf(writer: Writer): string {
  return writer.kind === "app" ? writer.slug : "github-actions";
}

/** Name and address that GitHub shows as the account's own on commits and tags. */
export function signatureOf(writer: Writer): { name: string; email: string } {
  const name = loginOf(writer);
  const id = writer.kind === "app" ? "" : "41898282+";
  return { name, email: `${id}${name}@users.noreply.github.com` };
}
