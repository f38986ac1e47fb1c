import type { Glob, Model } from "#core/config/config.ts";

/** What the command `monitor: retrain:` may bring: data to train on, and rows of the windows to compare on. */
export function findRefreshable({ inputs, evaluate }: Pick<Model, "inputs" | "evaluate">): readonly Glob[] {
  const windows = (evaluate.windows ?? []).flatMap(({ files }) => (files.kind === "last" ? [files.of] : files.globs));
  return [...(inputs?.data ?? []), ...windows];
}
