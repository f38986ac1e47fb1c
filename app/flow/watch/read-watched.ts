import { configPath, type Model } from "#core/config/config.ts";
import { parseOnce } from "#core/config/parse.ts";
import type { Ports } from "#core/ports.ts";

/** The models that the default branch's config watches; none where it cannot be read. */
export async function readWatched({ repository }: Pick<Ports, "repository">): Promise<readonly Model[]> {
  const { head } = await repository.defaultBranch();
  const entry = (await repository.tree(head)).get(configPath);
  const parsed = entry === undefined ? undefined : parseOnce(await repository.blob(entry.blob));
  if (parsed?.kind !== "config") return [];
  return [...parsed.config.models.values()].filter(({ monitor }) => monitor !== undefined);
}
