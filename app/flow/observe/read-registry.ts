import type { Tags, TagObject } from "#core/ports.ts";
import { parseVersion, type ModelName, type Version } from "#core/names.ts";
import { foldTags, type ModelTags, type RegisteredVersion, type Standing } from "#core/registry/registry.ts";
import { readAssignment, readRegistration } from "#core/registry/tag-message.ts";

/** What stands where, for one model, read lazily: each tag object is one read. */
export class ModelRegistry {
  readonly model: ModelName;
  readonly tags: ModelTags;
  readonly #store: Tags;
  readonly #objects = new Map<string, Promise<TagObject | undefined>>();

  constructor(model: ModelName, tags: ModelTags, store: Tags) {
    this.model = model;
    this.tags = tags;
    this.#store = store;
  }

  get versions(): readonly Version[] {
    return this.tags.versions.map(({ version }) => version);
  }

  /**
   * What stands at a stage now. `problem`: the newest move cannot be believed, and people have to mend it.
   */
  async standing(stage: string): Promise<{ standing: Standing | undefined; problem: string | undefined }> {
    const move = this.tags.moves.findLast((entry) => entry.stage === stage);
    if (move === undefined || move.removed) return { standing: undefined, problem: undefined };
    return await this.#believe(stage, move);
  }

  /** Every version that has stood at a stage, oldest first; moves that cannot be believed are left out. */
  async history(stage: string): Promise<readonly Standing[]> {
    const moves = this.tags.moves.filter((entry) => entry.stage === stage && !entry.removed);
    const read = await Promise.all(moves.map(async (move) => (await this.#believe(stage, move)).standing));
    return read.filter((entry) => entry !== undefined);
  }

  /** The version registered for a recipe, if there is one. */
  async ofRecipe(recipe: string): Promise<RegisteredVersion | undefined> {
    for (const { version } of this.tags.versions.toReversed()) {
      const registered = await this.version(version);
      if (registered?.recipe === recipe) return registered;
    }
    return undefined;
  }

  async version(version: Version): Promise<RegisteredVersion | undefined> {
    const ref = this.tags.versions.find((entry) => entry.version === version);
    const tag = ref === undefined ? undefined : await this.#read(ref.object);
    const facts = tag === undefined ? undefined : readRegistration(tag.message);
    if (tag === undefined || facts === undefined) return undefined;
    return {
      version,
      commit: tag.target,
      recipe: facts.recipe,
      artifact: facts.artifact,
      run: facts.run,
      evaluation: facts.evaluation,
    };
  }

  /** The newest date among tags of this model: the next one must be later, as GTO orders by it. */
  async newestDate(): Promise<Date | undefined> {
    const objects = [this.tags.moves.at(-1)?.object, this.tags.versions.at(-1)?.object].filter(
      (entry) => entry !== undefined,
    );
    const dates = (await Promise.all(objects.map(async (object) => (await this.#read(object))?.date))).filter(
      (date) => date !== undefined,
    );
    return dates.toSorted((a, b) => a.getTime() - b.getTime()).at(-1);
  }

  async #believe(
    stage: string,
    move: { name: string; object: string; counter: number },
  ): Promise<{ standing: Standing | undefined; problem: string | undefined }> {
    const tag = await this.#read(move.object);
    const facts = tag === undefined ? undefined : readAssignment(tag.message);
    const twice = this.tags.moves.filter((entry) => entry.counter === move.counter).length > 1;
    if (tag === undefined || facts === undefined || twice) {
      const problem = `Cannot tell what stands at "${stage}" of "${this.model}": the tag "${move.name}" was not made by Trainyard. Delete it (git push origin ":refs/tags/${move.name}")`;
      return { standing: undefined, problem };
    }
    const { version, recipe, artifact, run, evaluation, pull, by, why } = facts;
    return {
      standing: {
        version: parseVersion(version),
        commit: tag.target,
        recipe,
        artifact,
        run,
        evaluation,
        stage,
        counter: move.counter,
        since: tag.date,
        pull,
        by,
        why,
      },
      problem: undefined,
    };
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

/** Reads a model's refs: one listing, no objects yet. */
export async function readRegistry(tags: Tags, model: ModelName): Promise<ModelRegistry> {
  const [versions, moves] = await Promise.all([tags.list(`${model}@`), tags.list(`${model}#`)]);
  return new ModelRegistry(model, foldTags(model, [...versions, ...moves]), tags);
}
