import * as z from "zod";
import { predictionsRecordSchema, runRecordSchema } from "#core/evidence.ts";

/** `trainyard.json` among a release's assets: what the version is, so that the release explains itself. */
export const manifestSchema = z.strictObject({
  schema: z.literal("trainyard/version/1"),
  model: z.string(),
  version: z.string(),
  recipe: z.string(),
  /** path of the model's file or folder as the config declares it */
  modelPath: z.string(),
  run: runRecordSchema,
  predictions: z.array(predictionsRecordSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const manifestAsset = "trainyard.json";

/** The asset's name of one file of a model: release assets know no folders, so `/` becomes `..`. */
export function assetName(path: string): string {
  return `model.${path.replaceAll("/", "..")}`;
}

/** The file of a model that an asset holds; undefined where it holds none. */
export function assetPath(name: string): string | undefined {
  return name.startsWith("model.") ? name.slice("model.".length).replaceAll("..", "/") : undefined;
}

/** The asset's name of the predictions on one evaluation. */
export function predictionsAsset(record: { evaluation: string; format: string }): string {
  return `predictions.${record.evaluation.slice(0, 16)}.${record.format}`;
}
