import { fillWebhook } from "#sandbox/openapi/fill.ts";
import type { Actor, Forge, JsonObject, Repo } from "#sandbox/forge/contract.ts";

/** Emits an event whose payload gets every field that GitHub's description requires and the sandbox has no value for. */
export function emitFilled(
  forge: Forge,
  repo: Repo,
  event: string,
  action: string | null,
  payload: JsonObject,
  actor: Actor,
  only?: { app: number },
): void {
  // repository and sender are the forge's to add
  const {
    repository: _,
    sender: __,
    ...filled
  } = fillWebhook(event, action, { ...payload, repository: null, sender: null });
  forge.emit(repo, event, action, filled, actor, only);
}
