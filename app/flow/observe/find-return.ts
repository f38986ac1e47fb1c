import { parseCommitSha, type ModelName, type Version } from "#core/names.ts";
import { identifyModel } from "#core/plan/identify.ts";
import { readRevertedCommits } from "#core/promotion/reverted-commits.ts";
import type { Observation } from "./observe-model.ts";
import type { ModelRegistry } from "./read-registry.ts";
import { readSnapshot } from "./read-snapshot.ts";

/**
 * Is this a going back (law 4, `return`)? The recipe's version has stood at the last stage, a commit says what it
 * reverts, and the recipe is the one from before that commit.
 */
export async function findReturn(question: {
  registry: ModelRegistry;
  stage: string;
  registered: Version;
  recipe: string;
  model: ModelName;
  look: Pick<Observation, "ports" | "messages">;
}): Promise<{ version: Version; names: string } | undefined> {
  const { registry, stage, registered, recipe, model, look } = question;
  const reverted = readRevertedCommits(await look.messages());
  if (reverted.length === 0) return undefined;
  const stood = await registry.history(stage);
  if (!stood.some(({ version }) => version === registered)) return undefined;
  for (const sha of reverted) {
    // oxlint-disable-next-line no-await-in-loop -- at most ten, and the first that fits ends it
    if ((await recipeBefore(sha, model, look)) === recipe)
      return { version: registered, names: `reverts ${sha.slice(0, 12)}` };
  }
  return undefined;
}

async function recipeBefore(
  sha: string,
  name: ModelName,
  look: Pick<Observation, "ports">,
): Promise<string | undefined> {
  const { repository } = look.ports;
  const commit = await repository.commit(parseCommitSha(sha));
  const parent = commit?.parents[0];
  if (parent === undefined) return undefined;
  const before = await readSnapshot(repository, parent);
  const model = before.kind === "snapshot" ? before.snapshot.config.models.get(name) : undefined;
  if (before.kind !== "snapshot" || model === undefined) return undefined;
  return identifyModel(model, before.snapshot.tree).recipe;
}
