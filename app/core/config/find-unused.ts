import type { PlacedProblem } from "./shape/check-shape.ts";
import type { WrittenConfig, WrittenModel } from "./schema.ts";
import type { Path } from "./yaml/read-yaml.ts";

const unused: readonly { path: Path; get: (model: WrittenModel) => unknown; instead: string }[] = [
  { path: ["train", "plots"], get: ({ train }) => train.plots, instead: "no plots are shown" },
  { path: ["evaluate", "seeds"], get: ({ evaluate }) => evaluate.seeds, instead: "one training is done" },
  {
    path: ["evaluate", "slices"],
    get: ({ evaluate }) => (evaluate.task === "ranking" ? evaluate.slices : undefined),
    instead: "rankings are not sliced",
  },
  { path: ["tune"], get: ({ tune }) => tune, instead: "one training is done, with the parameters as they are" },
];

/** Settings that are accepted and do nothing yet, said so that nobody waits for them. */
export function findUnused(config: WrittenConfig): readonly PlacedProblem[] {
  return Object.entries(config.models).flatMap(([name, model]) =>
    unused
      .filter(({ get }) => get(model) !== undefined)
      .map(({ path, instead }): PlacedProblem => ({
        path: ["models", name, ...path],
        at: "key",
        message: `"${String(path.at(-1))}" does nothing yet: ${instead}`,
      })),
  );
}
