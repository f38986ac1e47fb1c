import type { Model } from "#core/config/config.ts";
import { findModel } from "#core/plan/find-model.ts";
import type { StageFacts } from "#core/promotion/decide.ts";
import type { Standing } from "#core/registry/registry.ts";
import type { Repository } from "#core/ports.ts";
import { evidencePath, type EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import type { ModelRegistry } from "./read-registry.ts";
import { readSnapshot } from "./read-snapshot.ts";

/** What stands at each stage of the newest head's config, and what is left to do there for this recipe. */
export async function observeStages(
  model: Model,
  recipe: string,
  look: { registry: ModelRegistry; repository: Repository; evidence: EvidenceReader; isRegistered: boolean },
): Promise<readonly StageFacts[]> {
  const { registry, evidence, isRegistered } = look;
  const { stages } = model.promote;
  const facts: StageFacts[] = [];
  let before: Standing | undefined;
  for (const stage of stages) {
    // oxlint-disable-next-line no-await-in-loop -- a new stage starts where the one before it stands
    const { standing } = await registry.standing(stage);
    const isUsed = registry.moved.moves.some((move) => move.stage === stage);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const isNew = before !== undefined && !isUsed && (await wasUnknown(stage, model, before, look.repository));
    const startsAt = isNew ? before : undefined;
    facts.push({
      stage,
      standing,
      startsAt,
      // oxlint-disable-next-line no-await-in-loop -- no request: the names of all records are known
      settled: standing === undefined || (await evidence.has(evidencePath.move(model.name, standing))),
      // oxlint-disable-next-line no-await-in-loop -- every move is a read: only asked where it may come back
      held: isRegistered && standing?.recipe !== recipe && (await hasHeld(registry, stages, stage, recipe)),
    });
    before = standing ?? startsAt;
  }
  return facts;
}

/** Has this recipe's version stood here? With one stage only a going back asks, and that has looked already. */
async function hasHeld(
  registry: ModelRegistry,
  stages: readonly string[],
  stage: string,
  recipe: string,
): Promise<boolean> {
  return stages.length === 1 || (await registry.history(stage)).some((standing) => standing.recipe === recipe);
}

/** Did the config of a version's own commit name this stage not yet? */
async function wasUnknown(stage: string, model: Model, version: Standing, repository: Repository): Promise<boolean> {
  const read = await readSnapshot(repository, version.commit, version.commit);
  const then = read.kind === "snapshot" ? findModel(read.snapshot.config, model) : undefined;
  return then !== undefined && !then.promote.stages.includes(stage);
}
