import type { ModelChange } from "#core/plan/changes.ts";
import type { Tags } from "#core/ports.ts";
import { readRegistry, standsSomewhere } from "#flow/observe/read-registry.ts";

/**
 * Why a model cannot be called otherwise once more: what the base branch has renamed still stands under the name before
 * that, and one name back is all that `was` says. Asks for nothing unless a model is renamed that was renamed before.
 */
export async function findPendingRename(
  tags: Tags,
  { name, judge, merged }: Extract<ModelChange, { kind: "candidate" | "settings" }>,
): Promise<string | undefined> {
  const [now, before] = [merged.model.was, judge.was];
  if (now === undefined || before === undefined || now === before || before === name) return undefined;
  const { tags: old } = await readRegistry(tags, { name: before });
  if (!standsSomewhere(old)) return undefined;
  return `Cannot call "${now}" "${name}" yet: it was called "${before}", and still stands under that name. The next run on the default branch moves it to "${now}", and this is looked at again`;
}
