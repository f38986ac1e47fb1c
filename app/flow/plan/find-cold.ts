import { parseCommitSha } from "#core/names.ts";
import { digestSetup } from "#core/plan/digest-setup.ts";
import { identifyModel, type Snapshot } from "#core/plan/identify.ts";
import type { Ports } from "#core/ports.ts";
import type { Model, RunsOn } from "#core/config/config.ts";
import { readSnapshot } from "#flow/observe/read-snapshot.ts";

/** A model whose set-up nobody has kept on the default branch yet. */
export type ColdModel = { model: string; runsOn: RunsOn; timeoutMs: number };

/**
 * Models whose kept folders are of another set-up since a push began at `before`. What a pull request keeps is seen by
 * that pull request alone; what the default branch keeps, by all. Nothing is asked where no model keeps any.
 */
export async function findCold(
  ports: Pick<Ports, "repository">,
  snapshot: Snapshot,
  before: string | undefined,
): Promise<readonly ColdModel[]> {
  const keeping = [...snapshot.config.models.values()].filter(({ setup }) => setup?.cache !== undefined);
  if (before === undefined || keeping.length === 0) return [];
  const old = await readBefore(ports, before);
  return keeping
    .filter(({ name }) => keyOf(snapshot, name) !== keyOf(old, name))
    .map(({ name, train }) => ({ model: name, runsOn: train.runsOn, timeoutMs: train.timeoutMs }));
}

async function readBefore({ repository }: Pick<Ports, "repository">, before: string): Promise<Snapshot | undefined> {
  const commit = /^0+$/.test(before) ? undefined : await repository.commit(parseCommitSha(before));
  const read = commit === undefined ? undefined : await readSnapshot(repository, commit.sha);
  return read?.kind === "snapshot" ? read.snapshot : undefined;
}

function keyOf(snapshot: Snapshot | undefined, name: Model["name"]): string | undefined {
  const model = snapshot?.config.models.get(name);
  if (snapshot === undefined || model?.setup?.cache === undefined) return undefined;
  const { run, container, cache } = model.setup;
  return digestSetup({ run, container, cache, inputs: identifyModel(model, snapshot.tree).predicting }).exact;
}
