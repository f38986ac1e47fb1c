import type { Version } from "#core/names.ts";
import { ServiceError, type Ports } from "#core/ports.ts";
import type { Standing } from "#core/registry/registry.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import { finishMoves, sayRegistered } from "./finish-moves.ts";
import { moveStage } from "./move-stage.ts";
import { publishRelease, registerVersion, type Freight, type Registration } from "./register-version.ts";

export type Promotion = Registration & {
  stages: readonly string[];
  by: string | undefined;
  why: string;
};

/**
 * Moves exactly these bytes to the stages: draft release, assets by digest, version tag, publish, stage tag, deployment,
 * record of the move. Every step looks before it acts, so that whoever comes next after a crash finishes the work; a
 * version that exists is used as it is. Without stages it is registered and moves nowhere. Answers the version and the
 * moves that this call made.
 */
export async function promoteModel(
  ports: Pick<Ports, "repository" | "tags" | "releases" | "deployments" | "evidence" | "now">,
  freight: Freight,
  promotion: Promotion,
): Promise<{ version: Version; moved: readonly string[] }> {
  const { model, head, known, pull, by, why } = promotion;
  const registry = await readRegistry(ports.tags, model);
  const registered = await registry.ownOfRecipe(known.run.recipe);
  const { sha256 } = known.run.artifact;
  if (registered !== undefined && registered.artifact !== sha256) {
    throw new ServiceError(
      "conflict",
      `Cannot promote "${model.name}@${registered.version}": it is registered with the bytes ${registered.artifact.slice(0, 12)}, and what was reviewed is ${sha256.slice(0, 12)}. A registered version is final: put its release back, or change what is trained`,
    );
  }
  const version = registered?.version ?? (await registerVersion(ports, freight, promotion, registry));
  await publishRelease(ports, promotion, version);
  const standings: Standing[] = [];
  const moved: string[] = [];
  let after: Standing | undefined;
  for (const stage of promotion.stages) {
    // oxlint-disable-next-line no-await-in-loop -- stages have an order
    const done = await moveStage(ports, {
      model,
      head,
      version,
      stage,
      pull: pull ?? null,
      by: by ?? null,
      why,
      after,
    });
    if (done.moved) after = done.standing;
    standings.push(done.standing);
    if (done.moved) moved.push(stage);
  }
  if (standings.length === 0) await sayRegistered(ports, promotion, version);
  await finishMoves(ports, model, standings);
  return { version, moved };
}
