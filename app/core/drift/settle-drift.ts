import type { Model } from "#core/config/config.ts";
import { defaultDriftSettings, type DriftSettings } from "./drift-settings.ts";

/** How a model's data is compared, by its config. A ranking's item names things, and is no answer to one row. */
export function settleDrift({ evaluate, monitor }: Pick<Model, "evaluate" | "monitor">): DriftSettings {
  const { p, preset, target, prediction, names = [], columns = new Map() } = monitor?.drift ?? {};
  const isRanking = evaluate.task === "ranking";
  const watched = monitor?.columns;
  const named = isRanking ? [evaluate.label, ...names] : names;
  return {
    ...defaultDriftSettings,
    p: p ?? defaultDriftSettings.p,
    preset,
    target: target ?? (isRanking ? undefined : evaluate.label),
    prediction,
    watched,
    without: evaluate.id === undefined ? [] : [evaluate.id],
    names: named.filter((name) => watched?.includes(name) ?? true),
    columns,
  };
}
