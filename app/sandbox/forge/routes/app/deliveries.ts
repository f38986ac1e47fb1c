import { githubError, type JsonObject } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import type { DeliveryRecord, HookRecord } from "#sandbox/forge/records.ts";
import { appOf, mustFindHook } from "./app.ts";

/** The log of an app's webhooks, newest first, and sending one again (same GUID). */
export function registerDeliveries(forge: ForgeInside): void {
  const { state } = forge;
  const find = (hook: HookRecord, id: string | undefined): DeliveryRecord => {
    const found = state.deliveries.get(Number(id));
    if (found === undefined || found.hook !== hook.id) throw githubError(404, "Not Found");
    return found;
  };
  forge.route("GET /app/hook/deliveries", {
    permission: "app-jwt",
    handler: (ctx) => {
      const hook = mustFindHook(forge, appOf(ctx));
      const { cursor, status } = ctx.query;
      const perPage = Math.min(100, Math.max(1, Number.parseInt(ctx.query["per_page"] ?? "30", 10) || 30));
      const after = cursor === undefined ? Number.POSITIVE_INFINITY : readCursor(cursor);
      const failed = (one: DeliveryRecord): boolean => one.status_code < 200 || one.status_code >= 300;
      const all = state.deliveries
        .list()
        .filter((one) => one.hook === hook.id && one.id < after)
        .filter((one) => status === undefined || failed(one) === (status === "failure"))
        .toReversed();
      const page = all.slice(0, perPage);
      const last = page.at(-1);
      const headers: Record<string, string> = {};
      if (last !== undefined && all.length > page.length) {
        const query = new URLSearchParams({ ...ctx.query, per_page: String(perPage), cursor: `v1_${last.id}` });
        headers["link"] = `<${ctx.url}?${query.toString()}>; rel="next"`;
      }
      return { status: 200, body: page.map(presentBriefly), headers };
    },
  });
  forge.route("GET /app/hook/deliveries/{delivery_id}", {
    permission: "app-jwt",
    handler: (ctx) => {
      const hook = mustFindHook(forge, appOf(ctx));
      const found = find(hook, ctx.params["delivery_id"]);
      const { request, response } = found;
      return { status: 200, body: { ...presentBriefly(found), url: hook.url, request, response } };
    },
  });
  forge.route("POST /app/hook/deliveries/{delivery_id}/attempts", {
    permission: "app-jwt",
    handler: (ctx) => {
      const hook = mustFindHook(forge, appOf(ctx));
      const { guid, event, action, repository, installation, request } = find(hook, ctx.params["delivery_id"]);
      const through = installation === null ? undefined : state.installations.get(installation);
      const about = { guid, event, action, repository, redelivery: true };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was sent before
      forge.office.post(hook, about, through ?? null, request.payload as JsonObject);
      return { status: 202, body: {} };
    },
  });
}

function readCursor(cursor: string): number {
  const id = /^v1_(\d+)$/.exec(cursor)?.[1];
  if (id === undefined) throw githubError(422, "Invalid cursor");
  return Number(id);
}

/** Schema "hook-delivery-item". */
function presentBriefly(one: DeliveryRecord): JsonObject {
  return {
    id: one.id,
    guid: one.guid,
    delivered_at: one.delivered_at,
    redelivery: one.redelivery,
    duration: Math.round(one.durationMs) / 1000,
    status: one.status,
    status_code: one.status_code,
    event: one.event,
    action: one.action,
    installation_id: one.installation,
    repository_id: one.repository,
    throttled_at: null,
  };
}
