import type { EvaluateConfig, Model } from "#core/config/config.ts";
import { parseConfig } from "#core/config/parse.ts";
import { smallest } from "../config/examples.ts";

/** The model of the smallest config, with parts of it replaced. */
export function modelOf(change: Partial<Omit<Model, "evaluate">> & { evaluate?: Partial<EvaluateConfig> }): Model {
  const parsed = parseConfig(smallest);
  const [model] = parsed.kind === "config" ? parsed.config.models.values() : [];
  if (model === undefined) throw new Error("The smallest config cannot be read");
  return { ...model, ...change, evaluate: { ...model.evaluate, ...change.evaluate } };
}
