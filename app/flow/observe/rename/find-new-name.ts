import { readRenamed } from "#core/registry/rename-reason.ts";
import type { ModelRegistry } from "#flow/observe/read-registry.ts";

/** What a model is called now that stands nowhere any more, as its newest tag says; undefined where it was not renamed. */
export async function findNewName(registry: ModelRegistry): Promise<string | undefined> {
  const newest = registry.tags.moves.at(-1);
  if (newest?.removed !== true) return undefined;
  const cleared = await registry.cleared();
  const last = cleared.find(({ counter }) => counter === newest.counter);
  return last === undefined ? undefined : readRenamed(last.why);
}
