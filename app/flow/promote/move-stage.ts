import type { Model } from "#core/config/config.ts";
import type { Version } from "#core/names.ts";
import { ServiceError, type Ports } from "#core/ports.ts";
import type { RegisteredVersion, Standing } from "#core/registry/registry.ts";
import { writeStageTag } from "#core/registry/tag-name.ts";
import { writeAssignment, type Assignment } from "#core/registry/tag-message.ts";
import { readRegistry, type ModelRegistry } from "#flow/observe/read-registry.ts";

export type StageMove = {
  model: Model;
  version: Version;
  stage: string;
  pull: number | null;
  by: string | null;
  why: string;
};

/** Puts a version at a stage unless it stands there. Answers what stands there now, and whether this call moved it. */
export async function moveStage(
  ports: Pick<Ports, "tags" | "now">,
  move: StageMove,
): Promise<{ standing: Standing; moved: boolean }> {
  const { model, version, stage } = move;
  for (let attempt = 0; attempt < 5; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- a lost race is read again
    const registry = await readRegistry(ports.tags, model);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const { standing, problem } = await registry.ownStanding(stage);
    if (problem !== undefined) throw new ServiceError("conflict", problem);
    if (standing?.version === version) return { standing, moved: false };
    // oxlint-disable-next-line no-await-in-loop -- see above
    const registered = await registry.ownVersion(version);
    if (registered === undefined) {
      const because = "its tag was not made by Trainyard or is gone";
      throw new ServiceError("conflict", `Cannot move "${model.name}@${version}" to "${stage}": ${because}`);
    }
    // oxlint-disable-next-line no-await-in-loop -- see above
    const made = await tag(ports, registry, registered, move);
    if (made !== undefined) return { standing: made, moved: true };
  }
  throw new ServiceError(
    "conflict",
    `Cannot move "${model.name}" at "${stage}": somebody else took five numbers in a row. Run the promotion again`,
  );
}

async function tag(
  ports: Pick<Ports, "tags" | "now">,
  registry: ModelRegistry,
  registered: RegisteredVersion,
  { model, version, stage, pull, by, why }: StageMove,
): Promise<Standing | undefined> {
  const { recipe, artifact, run, evaluation, commit } = registered;
  const facts: Assignment = { recipe, artifact, run, evaluation, pull, version, by, why: why.slice(0, 1_000) };
  const counter = registry.tags.nextCounter;
  const name = writeStageTag(model.name, stage, counter);
  const since = await nextDate(ports, registry);
  const message = writeAssignment(model.name, stage, facts);
  const made = await ports.tags.create({ name, target: commit, message, date: since });
  return made === "exists" ? undefined : { ...registered, stage, counter, since, pull, by, why: facts.why };
}

/** Tagger dates grow by at least a second from tag to tag: GTO orders by them. */
export async function nextDate(ports: Pick<Ports, "now">, registry: ModelRegistry): Promise<Date> {
  const newest = await registry.newestDate();
  const now = Math.floor(ports.now().getTime() / 1_000) * 1_000;
  return new Date(newest === undefined ? now : Math.max(now, newest.getTime() + 1_000));
}
