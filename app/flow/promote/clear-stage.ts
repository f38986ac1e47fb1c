import type { CommitSha, ModelName } from "#core/names.ts";
import { moveSchema } from "#core/evidence.ts";
import { ServiceError, type Ports } from "#core/ports.ts";
import type { Standing } from "#core/registry/registry.ts";
import { writeStageTag } from "#core/registry/tag-name.ts";
import { writeUnassignment } from "#core/registry/tag-message.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import { evidencePath, EvidenceReader, writeRecord } from "#flow/evidence/evidence-reader.ts";
import { demandNewest, nextMove, type MoveMade } from "./move-stage.ts";

/**
 * Takes a version from its stage, unless nothing stands there any more. The version, its release and its bytes stay.
 * `sayCleared` is the last thing to do. Answers this move; undefined where there was none to make.
 */
export async function clearStage(
  ports: Pick<Ports, "repository" | "tags" | "now">,
  model: ModelName,
  stage: string,
  said: {
    pull: number | undefined;
    by: string | undefined;
    why: string;
    head: CommitSha;
    after?: MoveMade | undefined;
  },
): Promise<MoveMade | undefined> {
  for (let attempt = 0; attempt < 5; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- a lost race is read again
    const registry = await readRegistry(ports.tags, { name: model });
    // oxlint-disable-next-line no-await-in-loop -- see above
    const { standing, problem } = await registry.ownStanding(stage);
    if (problem !== undefined) throw new ServiceError("conflict", problem);
    if (standing === undefined) return undefined;
    const { version, commit, recipe, artifact, run, evaluation } = standing;
    const [pull, by, why] = [said.pull ?? null, said.by ?? null, said.why.slice(0, 1_000)];
    // oxlint-disable-next-line no-await-in-loop -- see above
    await demandNewest(ports, { model: { name: model }, stage, head: said.head });
    // oxlint-disable-next-line no-await-in-loop -- see above
    const made = await nextMove(ports, registry, said.after);
    const name = writeStageTag(model, `${stage}!`, made.counter);
    const message = writeUnassignment(model, stage, { recipe, artifact, run, evaluation, pull, version, by, why });
    // oxlint-disable-next-line no-await-in-loop -- see above
    if ((await ports.tags.create({ name, target: commit, message, date: made.since })) === "created") return made;
  }
  throw new ServiceError(
    "conflict",
    `Cannot take "${model}" from "${stage}": somebody else took five numbers in a row. Run the promotion again`,
  );
}

/** Says in the evidence what was taken from its stage and is not said yet, in one commit. */
export async function sayCleared(ports: Pick<Ports, "tags" | "evidence">, model: ModelName): Promise<void> {
  const registry = await readRegistry(ports.tags, { name: model });
  const evidence = new EvidenceReader(ports.evidence);
  const files = new Map<string, string>();
  const said: string[] = [];
  for (const standing of await registry.cleared()) {
    const path = evidencePath.removal(model, standing);
    // oxlint-disable-next-line no-await-in-loop -- no request: the names of all records are known
    if (await evidence.has(path)) continue;
    files.set(path, describe(model, standing));
    said.push(`${standing.version} from ${standing.stage}`);
  }
  if (files.size > 0) await ports.evidence.write(files, `Say that ${model} is taken: ${said.join(", ")}`);
}

function describe(model: ModelName, standing: Standing): string {
  const { version, stage, counter, commit, recipe, artifact, pull, by, why, since } = standing;
  const about = { model, version, stage, counter, commit, recipe, artifact, pull, by, why, removed: true };
  return writeRecord(moveSchema.parse({ schema: "trainyard/move/1", ...about, at: since.toISOString() }));
}
