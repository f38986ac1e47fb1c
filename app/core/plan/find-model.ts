import type { ModelName } from "#core/names.ts";
import type { Config, Model } from "#core/config/config.ts";

/** What a config calls this model: by its name, or by the one that it had. */
export function findModel(
  config: Config,
  { name, was }: { name: ModelName; was?: ModelName | undefined },
): Model | undefined {
  return config.models.get(name) ?? (was === undefined ? undefined : config.models.get(was));
}
