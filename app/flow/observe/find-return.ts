import type { Model } from "#core/config/config.ts";
import { findModel } from "#core/plan/find-model.ts";
import { parseCommitSha, type Version } from "#core/names.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import { identifyModel } from "#core/plan/identify.ts";
import { readRevertedCommits } from "#core/promotion/reverted-commits.ts";
import type { RegisteredVersion } from "#core/registry/registry.ts";
import type { Observation } from "./observe-model.ts";
import type { ModelRegistry } from "./read-registry.ts";
import { readSnapshot } from "./read-snapshot.ts";

/**
 * Is this a going back (law 4, `return`)? The recipe's version has stood at the last stage, and the config pins it from
 * now on; or a commit says what it reverts, and the recipe is the one from before that commit.
 */
export async function findReturn(question: {
  registry: ModelRegistry;
  stages: readonly string[];
  registered: RegisteredVersion;
  change: Extract<ModelChange, { kind: "candidate" }>;
  look: Pick<Observation, "ports" | "messages">;
}): Promise<{ version: Version; names: string } | undefined> {
  const { registered, change, look } = question;
  const { pin, merged } = change;
  if (pin?.kind === "proposed")
    return (await stoodLast(question))
      ? { version: registered.version, names: `pins ${registered.version}` }
      : undefined;
  const reverted = readRevertedCommits(await look.messages());
  if (reverted.length === 0) return undefined;
  if (!(await stoodLast(question))) return undefined;
  for (const sha of reverted) {
    // oxlint-disable-next-line no-await-in-loop -- at most ten, and the first that fits ends it
    if ((await recipeBefore(sha, merged.model, look)) === merged.recipe)
      return { version: registered.version, names: `reverts ${sha.slice(0, 12)}` };
  }
  return undefined;
}

/** Has the version stood at the last stage: the one that is last now, or that was last when it was registered? */
async function stoodLast({
  registry,
  stages,
  registered,
  change,
  look,
}: Parameters<typeof findReturn>[0]): Promise<boolean> {
  const stoodAt = async (stage: string | undefined): Promise<boolean> =>
    stage !== undefined &&
    (await registry.history(stage)).some(
      // a number says nothing by itself where a model had another name
      ({ version, recipe }) => version === registered.version && recipe === registered.recipe,
    );
  if (await stoodAt(stages.at(-1))) return true;
  if (stages.length < 2) return false;
  const then = await readSnapshot(look.ports.repository, registered.commit, registered.commit);
  const last =
    then.kind === "snapshot" ? findModel(then.snapshot.config, change.merged.model)?.promote.stages.at(-1) : undefined;
  return last !== stages.at(-1) && (await stoodAt(last));
}

async function recipeBefore(
  sha: string,
  named: Pick<Model, "name" | "was">,
  look: Pick<Observation, "ports">,
): Promise<string | undefined> {
  const { repository } = look.ports;
  const commit = await repository.commit(parseCommitSha(sha));
  const parent = commit?.parents[0];
  if (parent === undefined) return undefined;
  const before = await readSnapshot(repository, parent);
  const model = before.kind === "snapshot" ? findModel(before.snapshot.config, named) : undefined;
  if (before.kind !== "snapshot" || model === undefined) return undefined;
  return identifyModel(model, before.snapshot.tree).recipe;
}
