import type { JsonObject, Urls } from "#sandbox/forge/contract.ts";
import type { Account } from "#sandbox/forge/records.ts";

/** GitHub's opaque ids: nobody may read them, but they are there and differ. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(`${kind}:${id}`).toString("base64url")}`;
}

/** Schema "simple-user". A login nobody has is shown as GitHub shows deleted people. */
export function presentAccount(urls: Urls, account: Account | undefined): JsonObject {
  const { id, login, type } = account ?? { id: 10_137, login: "ghost", type: "User" as const };
  const encoded = encodeURIComponent(login);
  const url = `${urls.api}/users/${encoded}`;
  const page = type === "Bot" ? `${urls.server}/apps/${login.replace(/\[bot\]$/, "")}` : `${urls.server}/${encoded}`;
  return {
    login,
    id,
    node_id: nodeId("U", id),
    avatar_url: `${urls.server}/avatars/u/${id}`,
    gravatar_id: "",
    url,
    html_url: page,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}
