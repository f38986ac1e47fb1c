import type { Model } from "#core/config/config.ts";
import type { CommitSha, Version } from "#core/names.ts";
import { ServiceError, type Ports } from "#core/ports.ts";
import type { RegisteredVersion, Standing } from "#core/registry/registry.ts";
import { writeStageTag } from "#core/registry/tag-name.ts";
import { writeAssignment, type Assignment } from "#core/registry/tag-message.ts";
import { readRegistry, type ModelRegistry } from "#flow/observe/read-registry.ts";

export type StageMove = {
  model: Model;
  /** the default branch's, which asks for this: what comes after it asks for something else */
  head: CommitSha;
  version: Version;
  stage: string;
  pull: number | null;
  by: string | null;
  why: string;
  after?: MoveMade | undefined;
};

/** A move that was made just now: a list of tags may not show it yet. */
export type MoveMade = Pick<Standing, "counter" | "since">;

/** Puts a version at a stage unless it stands there. Answers what stands there now, and whether this call moved it. */
export async function moveStage(
  ports: Pick<Ports, "repository" | "tags" | "now">,
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
    // Looked at after the numbers: whoever acts for a later head takes one of them before this does, or moves on from it.
    // oxlint-disable-next-line no-await-in-loop -- see above
    await demandNewest(ports, move);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const made = await tag(ports, registry, registered, move);
    if (made !== undefined) return { standing: made, moved: true };
  }
  throw new ServiceError(
    "conflict",
    `Cannot move "${model.name}" at "${stage}": somebody else took five numbers in a row. Run the promotion again`,
  );
}

/** Only the newest head of the default branch is acted on: one that was overtaken would take back what came after it. */
export async function demandNewest(
  { repository }: Pick<Ports, "repository">,
  { model, stage, head }: Pick<StageMove, "stage" | "head"> & { model: Pick<Model, "name"> },
): Promise<void> {
  const newest = await repository.defaultBranch();
  if (newest.head === head) return;
  throw new ServiceError(
    "conflict",
    `Cannot move "${model.name}" at "${stage}" for ${head.slice(0, 12)}: "${newest.name}" has moved on to ${newest.head.slice(0, 12)}, whose own run promotes what it says`,
  );
}

async function tag(
  ports: Pick<Ports, "tags" | "now">,
  registry: ModelRegistry,
  registered: RegisteredVersion,
  { model, version, stage, pull, by, why, after }: StageMove,
): Promise<Standing | undefined> {
  const { recipe, artifact, run, evaluation, commit } = registered;
  const facts: Assignment = { recipe, artifact, run, evaluation, pull, version, by, why: why.slice(0, 1_000) };
  const { counter, since } = await nextMove(ports, registry, after);
  const name = writeStageTag(model.name, stage, counter);
  const message = writeAssignment(model.name, stage, facts);
  const made = await ports.tags.create({ name, target: commit, message, date: since });
  return made === "exists" ? undefined : { ...registered, stage, counter, since, pull, by, why: facts.why };
}

/** The number and date of the next move, behind all that are listed and the one that was made just now. */
export async function nextMove(
  ports: Pick<Ports, "now">,
  registry: ModelRegistry,
  after: MoveMade | undefined,
): Promise<MoveMade> {
  const listed = await nextDate(ports, registry);
  if (after === undefined) return { counter: registry.tags.nextCounter, since: listed };
  const since = new Date(Math.max(listed.getTime(), after.since.getTime() + 1_000));
  return { counter: Math.max(registry.tags.nextCounter, after.counter + 1), since };
}

/** Tagger dates grow by at least a second from tag to tag: GTO orders by them. */
export async function nextDate(ports: Pick<Ports, "now">, registry: ModelRegistry): Promise<Date> {
  const newest = await registry.newestDate();
  const now = Math.floor(ports.now().getTime() / 1_000) * 1_000;
  return new Date(newest === undefined ? now : Math.max(now, newest.getTime() + 1_000));
}
