import type { Forge, JsonObject } from "#sandbox/forge/contract.ts";
import type { AppRecord, InstallationRecord } from "#sandbox/forge/records.ts";
import { nodeId, presentAccount } from "./account.ts";

/** Schema "integration". */
export function presentApp(forge: Forge, app: AppRecord): JsonObject {
  const page = `${forge.urls.server}/apps/${app.slug}`;
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId("A", app.id),
    owner: presentAccount(forge.urls, forge.account(app.owner)),
    name: app.name,
    description: null,
    external_url: page,
    html_url: page,
    created_at: app.created_at,
    updated_at: app.created_at,
    permissions: app.permissions,
    events: describedEvents(app.events),
  };
}

/** GitHub's description of these lists has not heard of merge queues yet, though apps may listen to them. */
function describedEvents(events: readonly string[]): readonly string[] {
  return events.filter((event) => event !== "merge_group");
}

/** Schema "installation". */
export function presentInstallation(forge: Forge, app: AppRecord, installation: InstallationRecord): JsonObject {
  const account = forge.account(installation.account);
  const url = `${forge.urls.api}/app/installations/${installation.id}`;
  const isOrganization = account?.type === "Organization";
  const settings = isOrganization ? `/organizations/${installation.account}/settings` : "/settings";
  return {
    id: installation.id,
    account: presentAccount(forge.urls, account),
    repository_selection: installation.repositories === null ? "all" : "selected",
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${forge.urls.api}/installation/repositories`,
    html_url: `${forge.urls.server}${settings}/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account?.id ?? 0,
    target_type: isOrganization ? "Organization" : "User",
    permissions: installation.permissions,
    events: describedEvents(installation.events),
    created_at: installation.created_at,
    updated_at: installation.created_at,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}
