import type { Model } from "#core/config/config.ts";
import { digest } from "#core/canonical.ts";
import { parseRecipe, type Recipe } from "#core/names.ts";
import { sortEntries } from "./byte-order.ts";
import { listFiles, writeObject } from "./canonical-files.ts";
import { containerDigest } from "./container-digest.ts";
import type { TreeEntry } from "./tree.ts";

/** What of a model's settings is in its recipe. */
export type RecipeSettings = Pick<Model, "setup"> & {
  train: Pick<Model["train"], "run" | "model">;
  predict: Pick<Model["predict"], "run">;
};

/**
 * The identity of a training, to the byte as in docs/identity.md ("Recipe"): commands, declared output, container digest
 * and every input's path, mode and blob. The model's name, runners, timeouts and secrets are not in it.
 */
export function computeRecipe(model: RecipeSettings, training: readonly TreeEntry[]): Recipe {
  const container = model.setup?.container;
  const text = writeObject({
    container: container === undefined ? null : containerDigest(container),
    inputs: listFiles(sortEntries(training)),
    model: model.train.model,
    predict: model.predict.run,
    schema: "trainyard/recipe/1",
    setup: model.setup?.run ?? null,
    train: model.train.run,
  });
  return parseRecipe(digest(text));
}
