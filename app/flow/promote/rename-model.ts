import type { Model } from "#core/config/config.ts";
import { ServiceError, type Ports } from "#core/ports.ts";
import type { Standing } from "#core/registry/registry.ts";
import { sayRenamed } from "#core/registry/rename-reason.ts";
import { readTagName } from "#core/registry/tag-name.ts";
import { sayCalledBefore } from "#core/registry/tag-message.ts";
import { parseModelName } from "#core/names.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import { clearStage, sayCleared } from "./clear-stage.ts";
import type { MoveMade } from "./move-stage.ts";
import { promoteModel } from "./promote-model.ts";
import type { Freight } from "./register-version.ts";
import type { DefaultLook } from "#flow/observe/default/default-look.ts";

/**
 * Has what stands under a model's old name stand under the new one: the same version numbers, the same bytes in a
 * release of their own, nothing trained; then takes it from the old name's stages. Every step looks before it acts.
 */
export async function renameModel(
  ports: Pick<Ports, "repository" | "tags" | "releases" | "deployments" | "evidence" | "now">,
  freight: Freight,
  model: Model,
  head: DefaultLook["head"],
  moves: readonly Standing[],
): Promise<readonly { version: string; stage: string }[]> {
  const evidence = new EvidenceReader(ports.evidence);
  const done: { version: string; stage: string }[] = [];
  const gone = sayRenamed(model.name);
  let after: MoveMade | undefined;
  for (const standing of moves) {
    const { stage, version, pull, by } = standing;
    const old = parseModelName(readTagName(standing.tag)?.model ?? model.name);
    const why = sayCalledBefore(old);
    // oxlint-disable-next-line no-await-in-loop -- stages have an order
    const registry = await readRegistry(ports.tags, model);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const own = await registry.ownStanding(stage);
    if (own.problem !== undefined) throw new ServiceError("conflict", own.problem);
    if (own.standing === undefined) {
      // oxlint-disable-next-line no-await-in-loop -- see above
      const run = await evidence.run(standing.run);
      if (run === undefined) {
        throw new ServiceError(
          "conflict",
          `Cannot rename "${old}" to "${model.name}": the record "${standing.run}" of ${version} is gone from the branch "trainyard". Put it back`,
        );
      }
      const known = { run, bytes: { kind: "release-asset", tag: standing.tag, name: "model" } } as const;
      const runPath = standing.run;
      const { evaluation } = standing;
      const order = { model, head, known, runPath, evaluation, predictions: [], pull: pull ?? undefined };
      // oxlint-disable-next-line no-await-in-loop -- see above
      await promoteModel(ports, freight, { ...order, stages: [stage], by: by ?? undefined, why });
    }
    // oxlint-disable-next-line no-await-in-loop -- see above
    after = (await clearStage(ports, old, stage, { pull: undefined, by: undefined, why: gone, after, head })) ?? after;
    done.push({ version, stage });
  }
  if (model.was !== undefined) await sayCleared(ports, model.was);
  return done;
}
