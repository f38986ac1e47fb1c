import type { Tags, TagObject } from "#core/ports.ts";
import { parseVersion, type CommitSha, type ModelName, type Version } from "#core/names.ts";
import {
  foldTags,
  type ModelTags,
  type MoveTag,
  type RegisteredVersion,
  type Standing,
} from "#core/registry/registry.ts";
import { readAssignment, readRegistration, sayCalledBefore, type Assignment } from "#core/registry/tag-message.ts";
import { writeVersionTag } from "#core/registry/tag-name.ts";
import { compareVersions } from "#core/registry/version.ts";

/**
 * What stands where, for one model, read lazily, and tags that are needed together at once. A model that was renamed (`was`) goes on
 * where the old name stands: its versions are known, and its stages are those of the old name until they were moved.
 */
export class ModelRegistry {
  readonly model: ModelName;
  /** under this name alone */
  readonly tags: ModelTags;
  /** under the name that it had */
  readonly was: ModelRegistry | undefined;
  readonly #store: Tags;
  readonly #objects = new Map<string, Promise<TagObject | undefined>>();

  constructor(model: ModelName, tags: ModelTags, store: Tags, was?: ModelRegistry) {
    this.model = model;
    this.tags = tags;
    this.was = was;
    this.#store = store;
  }

  /** Every version there is, under either name, lowest first. */
  get versions(): readonly Version[] {
    const all = [...(this.was?.versions ?? []), ...this.tags.versions.map(({ version }) => version)];
    return [...new Set(all)].sort(compareVersions);
  }

  /** Every number that is taken. */
  get taken(): readonly Version[] {
    return [...(this.was?.taken ?? []), ...this.tags.taken];
  }

  /** The tags that tell where it has been moved: those of the old name until there is one under the new. */
  get moved(): ModelTags {
    return this.tags.moves.length === 0 && this.was !== undefined ? this.was.moved : this.tags;
  }

  /**
   * What stands at a stage now. `problem`: the newest move cannot be believed, and people have to mend it.
   */
  async standing(stage: string): Promise<{ standing: Standing | undefined; problem: string | undefined }> {
    const { was } = this;
    if (was !== undefined && standsSomewhere(this.tags) && standsSomewhere(was.tags) && !(await this.#goesOn(was)))
      return { standing: undefined, problem: sayTwoModels(this.model, was.model) };
    const own = await this.ownStanding(stage);
    // A name that was given up is free again: what stood under it before is over.
    return own.standing === undefined && own.problem === undefined && was !== undefined
      ? await was.standing(stage)
      : own;
  }

  /**
   * A rename takes versions with their numbers and bytes, where the number is free, and says so in its moves: a model that
   * shares none and was never moved so has not been called so.
   */
  async #goesOn(was: ModelRegistry): Promise<boolean> {
    const moves = await Promise.all(this.tags.moves.map(async (move) => await this.#facts(move)));
    if (moves.some((facts) => facts?.why === sayCalledBefore(was.model))) return true;
    for (const { version } of was.tags.versions) {
      if (!this.tags.versions.some((own) => own.version === version)) continue;
      // oxlint-disable-next-line no-await-in-loop -- the first that is shared ends it
      const [own, before] = await Promise.all([this.ownVersion(version), was.ownVersion(version)]);
      if (own?.recipe === before?.recipe && own?.artifact === before?.artifact) return true;
    }
    return false;
  }

  /** The same under this name alone. */
  async ownStanding(stage: string): Promise<{ standing: Standing | undefined; problem: string | undefined }> {
    const move = this.tags.moves.findLast((entry) => entry.stage === stage);
    if (move === undefined) return { standing: undefined, problem: undefined };
    const believed = await this.#believe(move);
    if (believed.kind === "doubt") {
      const problem = `Cannot tell what stands at "${stage}" of "${this.model}": ${believed.because}`;
      return { standing: undefined, problem };
    }
    return { standing: move.removed ? undefined : believed.standing, problem: undefined };
  }

  /** Every version that has stood at a stage, oldest first; moves that cannot be believed are left out. */
  async history(stage: string): Promise<readonly Standing[]> {
    const own = await this.#readMoves((move) => move.stage === stage && !move.removed);
    return [...((await this.was?.history(stage)) ?? []), ...own];
  }

  /** What was taken from its stage under this name, oldest first, with who took it and why. */
  async cleared(): Promise<readonly Standing[]> {
    return await this.#readMoves(({ removed }) => removed);
  }

  async #readMoves(which: (move: MoveTag) => boolean): Promise<readonly Standing[]> {
    const read = await Promise.all(this.tags.moves.filter(which).map(async (move) => await this.#believe(move)));
    return read.flatMap((believed) => (believed.kind === "standing" ? [believed.standing] : []));
  }

  /** Why nobody can tell which number a new version gets; undefined where the highest one is ours. */
  async versionProblem(): Promise<string | undefined> {
    const highest = this.tags.versions.at(-1);
    if (highest === undefined || (await this.ownVersion(highest.version)) !== undefined) return undefined;
    return `Cannot tell which version of "${this.model}" comes next: the tag "${highest.name}" was not made by Trainyard. ${sayDelete(highest.name)}`;
  }

  /** The version registered for a recipe, if there is one, under either name. */
  async ofRecipe(recipe: string): Promise<RegisteredVersion | undefined> {
    return (await this.ownOfRecipe(recipe)) ?? (await this.was?.ofRecipe(recipe));
  }

  /** The same under this name alone. */
  async ownOfRecipe(recipe: string): Promise<RegisteredVersion | undefined> {
    // all at once: an adapter reads many objects in one request
    const all = await Promise.all(this.tags.versions.map(async ({ version }) => await this.ownVersion(version)));
    return all.findLast((registered) => registered?.recipe === recipe);
  }

  /** What the tag of a version says, under either name; undefined where there is none of ours. */
  async version(version: Version): Promise<RegisteredVersion | undefined> {
    return (await this.ownVersion(version)) ?? (await this.was?.version(version));
  }

  /** The same under this name alone. */
  async ownVersion(version: Version): Promise<RegisteredVersion | undefined> {
    const ref = this.tags.versions.find((entry) => entry.version === version);
    const tag = await this.#readOwn(ref);
    const facts = tag === undefined ? undefined : readRegistration(tag.message);
    if (tag === undefined || facts === undefined) return undefined;
    const { recipe, artifact, run, evaluation, pull } = facts;
    return { version, tag: tag.name, commit: tag.target, recipe, artifact, run, evaluation, pull };
  }

  /** The newest date among tags of this model: the next one must be later, as GTO orders by it. */
  async newestDate(): Promise<Date | undefined> {
    const newest = [this.tags.moves.at(-1), this.tags.versions.at(-1)];
    const dates = await Promise.all(newest.map(async (ref) => (await this.#readOwn(ref))?.date));
    return dates
      .filter((date) => date !== undefined)
      .toSorted((a, b) => a.getTime() - b.getTime())
      .at(-1);
  }

  async #believe(
    move: MoveTag,
  ): Promise<{ kind: "standing"; standing: Standing } | { kind: "doubt"; because: string }> {
    const doubt = (because: string): { kind: "doubt"; because: string } => ({ kind: "doubt", because });
    const double = await this.#findDouble(move);
    if (double !== undefined) return doubt(double);
    const facts = await this.#facts(move);
    if (facts === undefined) return doubt(`the tag "${move.name}" was not made by Trainyard. ${sayDelete(move.name)}`);
    const version = parseVersion(facts.version);
    const registered = await this.ownVersion(version);
    const versionTag = writeVersionTag(this.model, version);
    if (registered === undefined)
      return doubt(
        `the tag "${versionTag}" that "${move.name}" speaks of is gone, or was made by hand. Put it back on ${facts.commit}`,
      );
    if (registered.commit !== facts.commit || registered.artifact !== facts.artifact)
      return doubt(
        `the tag "${versionTag}" is on ${registered.commit.slice(0, 12)}, but "${move.name}" on ${facts.commit.slice(0, 12)}: one of them was made by hand. Put the version's tag back, or delete the move's`,
      );
    const { stage, counter } = move;
    return { kind: "standing", standing: { ...facts, tag: versionTag, version, stage, counter } };
  }

  /**
   * Why two moves of one number cannot both be believed. Two processes that move different stages at the same moment may
   * take one number: no tag's name keeps them apart, and none has to, as each stage has an order of its own.
   */
  async #findDouble(move: MoveTag): Promise<string | undefined> {
    for (const other of this.tags.moves) {
      if (other.counter !== move.counter || other === move) continue;
      // oxlint-disable-next-line no-await-in-loop -- nearly never one
      const [mine, theirs] = await Promise.all([this.#facts(move), this.#facts(other)]);
      if (other.stage !== move.stage && mine !== undefined && theirs !== undefined) continue;
      const [one, two] = move.name < other.name ? [move, other] : [other, move];
      const isFirstByHand = (one === move ? mine : theirs) === undefined;
      const isSecondByHand = (two === move ? mine : theirs) === undefined;
      const byHand = isFirstByHand && !isSecondByHand ? one : two;
      return `the number ${move.counter} was taken twice, by "${one.name}" and "${two.name}". ${sayDelete(byHand.name)}`;
    }
    return undefined;
  }

  async #facts(move: MoveTag): Promise<(Assignment & { commit: CommitSha; since: Date }) | undefined> {
    const tag = await this.#readOwn(move);
    const facts = tag === undefined ? undefined : readAssignment(tag.message);
    return tag === undefined || facts === undefined ? undefined : { ...facts, commit: tag.target, since: tag.date };
  }

  /** A tag under the name that it was made for: an object of ours under another name is somebody's copy. */
  async #readOwn(ref: { name: string; object: string | undefined } | undefined): Promise<TagObject | undefined> {
    const tag = ref?.object === undefined ? undefined : await this.#read(ref.object);
    return tag?.name === ref?.name ? tag : undefined;
  }

  async #read(object: string): Promise<TagObject | undefined> {
    let tag = this.#objects.get(object);
    if (tag === undefined) {
      tag = this.#store.read(object);
      this.#objects.set(object, tag);
    }
    return await tag;
  }
}

/** Reads a model's refs: one listing a name, no objects yet. */
export async function readRegistry(
  tags: Tags,
  { name, was }: { name: ModelName; was?: ModelName | undefined },
): Promise<ModelRegistry> {
  const [own, old] = await Promise.all([
    readTags(tags, name),
    was === undefined ? undefined : readRegistry(tags, { name: was }),
  ]);
  return new ModelRegistry(name, own, tags, old);
}

async function readTags(tags: Tags, model: ModelName): Promise<ModelTags> {
  const refs = await tags.list(model);
  // "churn" is how the tags of "churn-eu" begin, too
  const own = refs.filter(({ name }) => name.startsWith(`${model}@`) || name.startsWith(`${model}#`));
  return foldTags(model, own);
}

/** By the names of its tags, is there a stage that it has not been taken from? */
export function standsSomewhere({ moves }: ModelTags): boolean {
  return moves.some((move) => !move.removed && moves.findLast(({ stage }) => stage === move.stage) === move);
}

function sayTwoModels(model: ModelName, was: ModelName): string {
  return `"${model}" and "${was}" have both been moved to stages, so the one was never called the other: take "was: ${was}" out of "${model}"`;
}

function sayDelete(tag: string): string {
  return `Delete it (git push origin ":refs/tags/${tag}")`;
}
