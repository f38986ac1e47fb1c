import type { Model } from "#core/config/config.ts";
import { parseModelName, parseRecipe, type Version } from "#core/names.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import { identifyModel, type Identity } from "#core/plan/identify.ts";
import type { Repository } from "#core/ports.ts";
import type { RegisteredVersion } from "#core/registry/registry.ts";
import { readTagName } from "#core/registry/tag-name.ts";
import type { ModelRegistry } from "./read-registry.ts";
import { readSnapshot } from "./read-snapshot.ts";

type Candidate = Extract<ModelChange, { kind: "candidate" }>;

/**
 * What a change of the pin asks for: the version that it names, or, where that stands in production already, nothing
 * new. `problem`: there is no such version.
 */
export async function resolvePin(
  change: ModelChange,
  look: { registry: ModelRegistry; repository: Repository },
): Promise<{ change: ModelChange; problem: string | undefined }> {
  if (change.kind !== "candidate" || change.pin === undefined || change.pin.kind === "holds")
    return { change, problem: undefined };
  const { registry } = look;
  const { version } = change.pin;
  const { standing } = await registry.standing(change.judge.promote.stages.at(-1) ?? "production");
  const isLive = standing?.version === version;
  if (change.pin.kind === "removed") {
    const isSame = isLive && standing.recipe === change.merged.recipe;
    const because = `the pin of ${version} goes, and the inputs make that very version`;
    return { change: isSame ? asSettings(change, because) : change, problem: undefined };
  }
  if (isLive && !change.isNew)
    return { change: asSettings(change, `it pins ${version}, which is in production`), problem: undefined };
  const { merged = change.merged, problem } = await findPinned(change.merged.model, version, look);
  return { change: { ...change, merged }, problem };
}

/** What a pinned version is, or why it cannot be had. */
export async function findPinned(
  model: Model,
  version: Version,
  { registry, repository }: { registry: ModelRegistry; repository: Repository },
): Promise<{ merged: Identity | undefined; problem: string | undefined }> {
  const registered = await registry.version(version);
  if (registered === undefined) return { merged: undefined, problem: sayMissing(registry, version) };
  return { merged: await identifyVersion(model, registered, repository), problem: undefined };
}

function asSettings({ name, judge, merged, exam, proposed }: Candidate, because: string): ModelChange {
  return { kind: "settings", name, judge, merged, exam, proposed, promoteChanged: true, because };
}

/** A registered version as the config of its own commit asks it; judged by what is asked now. */
async function identifyVersion(model: Model, version: RegisteredVersion, repository: Repository): Promise<Identity> {
  const read = await readSnapshot(repository, version.commit, version.commit);
  const then = read.kind === "snapshot" ? read.snapshot : undefined;
  const name = parseModelName(readTagName(version.tag)?.model ?? model.name);
  const old = then?.config.models.get(name);
  const recipe = parseRecipe(version.recipe);
  if (then === undefined || old === undefined) return { model, recipe, training: [], predicting: [] };
  const { training, predicting } = identifyModel(old, then.tree);
  const { setup, train, predict, inputs } = old;
  return { model: { ...model, setup, train, predict, inputs }, recipe, training, predicting };
}

function sayMissing({ model, versions }: ModelRegistry, version: Version): string {
  const there = versions.length === 0 ? "none is registered yet" : `there are ${versions.slice(-10).join(", ")}`;
  return `Cannot pin "${model}" to ${version}: it has no such version, ${there}. Name one of them in "promote: pin:"`;
}
