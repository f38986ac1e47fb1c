import { randomUUID } from "node:crypto";
import type { Actor, Forge, ForgeEvent, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { presentAccount } from "#sandbox/forge/present/account.ts";
import { presentRepository } from "#sandbox/forge/present/repository.ts";
import type { DeliveryRecord, HookRecord, InstallationRecord } from "#sandbox/forge/records.ts";
import type { State } from "#sandbox/forge/storage/state.ts";
import { deliver, failToDeliver, type Outcome, type Parcel, payloadCapBytes } from "./deliver.ts";

type Listener = { event: string; listen: (event: ForgeEvent) => void | Promise<void>; turn: Promise<void> };

/** deliveries kept for reading and sending again */
const kept = 1000;
/** sent to an app whatever it subscribed to */
const always: ReadonlySet<string> = new Set(["installation", "installation_repositories", "ping"]);

/** Takes events, tells listeners and hooks, each in the order of the events, and keeps the log of deliveries. */
export class PostOffice {
  readonly #forge: Forge;
  readonly #state: State;
  readonly #listeners: Listener[] = [];
  readonly #turns = new Map<number, Promise<void>>();
  readonly #busy = new Set<Promise<void>>();
  #stop = new AbortController();

  constructor(forge: Forge, state: State) {
    this.#forge = forge;
    this.#state = state;
  }

  on(event: string, listen: Listener["listen"]): void {
    this.#listeners.push({ event, listen, turn: Promise.resolve() });
  }

  emit(
    repo: Repo,
    name: string,
    action: string | null,
    partial: JsonObject,
    actor: Actor,
    more: { app?: number; ready?: Promise<unknown> } = {},
  ): void {
    const guid = randomUUID();
    const payload = this.#fill(name, action, {
      ...(action === null ? {} : { action }),
      ...partial,
      repository: partial["repository"] ?? presentRepository(this.#forge, repo),
      sender: presentAccount(this.#forge.urls, actor.account ?? undefined),
    });
    const event: ForgeEvent = { guid, name, action, repo, payload, actor, actorKind: actor.kind };
    for (const listener of this.#listeners) {
      if (listener.event !== "*" && listener.event !== name) continue;
      listener.turn = listener.turn
        .then(() => more.ready)
        .then(() => listener.listen(event))
        .catch((cause: unknown) => {
          this.#forge.fail(
            `A listener of "${name}" failed: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`,
          );
        });
      this.#track(listener.turn);
    }
    for (const hook of this.#state.hooks.list()) {
      const installation = this.#wants(hook, repo, name, more.app);
      if (installation === undefined) continue;
      this.post(hook, { guid, event: name, action, repository: repo.id, redelivery: false }, installation, {
        ...payload,
        ...(installation === null ? {} : { installation: presentInstallation(installation) }),
      });
    }
  }

  /** Queues one delivery behind those of the same hook, unless a fault has something else in mind. */
  post(
    hook: HookRecord,
    about: Pick<DeliveryRecord, "guid" | "event" | "action" | "repository" | "redelivery">,
    installation: InstallationRecord | null,
    payload: JsonObject,
  ): void {
    try {
      if (about.event !== "ping") this.#forge.validator.webhook?.(about.event, about.action, payload);
    } catch (cause) {
      const what = about.action === null ? about.event : `${about.event}.${about.action}`;
      this.#forge.fail(
        `Webhook ${what} against GitHub's description: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
    if (JSON.stringify(payload).length > payloadCapBytes) return;
    const queue = (parcel: typeof deliver): void => this.#queue(hook, about, installation, payload, parcel);
    if (about.redelivery) queue(deliver);
    else {
      const name = about.action === null ? about.event : `${about.event}.${about.action}`;
      this.#forge.faults.deliver(
        name,
        about.event,
        () => queue(deliver),
        () => queue(failToDeliver),
      );
    }
  }

  #queue(
    hook: HookRecord,
    about: Pick<DeliveryRecord, "guid" | "event" | "action" | "repository" | "redelivery">,
    installation: InstallationRecord | null,
    payload: JsonObject,
    send: (parcel: Parcel) => Promise<Outcome>,
  ): void {
    const stop = this.#stop.signal;
    const turn = (this.#turns.get(hook.id) ?? Promise.resolve()).then(async () => {
      if (stop.aborted) return;
      const outcome = await send({ hook, guid: about.guid, event: about.event, payload, stop });
      if (stop.aborted) return;
      this.#state.deliveries.add({
        id: this.#forge.nextId(),
        hook: hook.id,
        ...about,
        installation: installation?.id ?? null,
        delivered_at: this.#forge.instant(),
        ...outcome,
      });
      const oldest = this.#state.deliveries.size > kept ? this.#state.deliveries.find(() => true) : undefined;
      if (oldest !== undefined) this.#state.deliveries.remove(oldest.id);
    });
    this.#turns.set(hook.id, turn);
    this.#track(turn);
  }

  async settled(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- a listener may cause the next event
    while (this.#busy.size > 0) await Promise.allSettled(this.#busy);
  }

  /** Counts work that `settled` waits for. */
  track(work: Promise<void>): void {
    this.#track(work);
  }

  /** Ends deliveries under way; those still waiting are lost, as they are when GitHub's own fail. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#turns.values());
    this.#turns.clear();
    this.#stop = new AbortController();
  }

  /** What the parts left out; an event that GitHub does not know (a schedule) stays as it is. */
  #fill(name: string, action: string | null, payload: JsonObject): JsonObject {
    try {
      return this.#forge.validator.fillWebhook?.(name, action, payload) ?? payload;
    } catch {
      return payload;
    }
  }

  #track(work: Promise<void>): void {
    this.#busy.add(work);
    void work.finally(() => this.#busy.delete(work)).catch(() => {});
  }

  /** The installation through which a hook hears of this; null for a repository's own hook, undefined for no. */
  #wants(hook: HookRecord, repo: Repo, name: string, onlyApp?: number): InstallationRecord | null | undefined {
    if (!hook.active) return undefined;
    const { target } = hook;
    if (target.kind === "repository") {
      if (onlyApp !== undefined || target.repository !== repo.id) return undefined;
      return hook.events.includes(name) || hook.events.includes("*") ? null : undefined;
    }
    if (onlyApp !== undefined && onlyApp !== target.app) return undefined;
    return this.#state.installations.find(
      (one) =>
        one.app === target.app &&
        one.account.toLowerCase() === repo.record.owner.toLowerCase() &&
        (one.repositories === null || one.repositories.includes(repo.id)) &&
        (one.events.includes(name) || always.has(name)),
    );
  }
}

/** Schema "simple-installation", as webhooks carry it. */
function presentInstallation(installation: InstallationRecord): JsonObject {
  return { id: installation.id, node_id: Buffer.from(`MIA${installation.id}`).toString("base64") };
}
