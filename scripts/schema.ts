import { mkdir, writeFile } from "node:fs/promises";
import * as z from "zod";
import { configSchema } from "#core/config/schema.ts";
import {
  comparisonSchema,
  dataReportSchema,
  moveSchema,
  predictionsRecordSchema,
  reviewSchema,
  runRecordSchema,
} from "#core/evidence.ts";
import { driftReportSchema } from "#core/drift/drift-record.ts";
import { profileRecordSchema } from "#core/profile/profile-json.ts";
import { nightBookSchema, snoozeSchema } from "#core/watch/night.ts";

/**
 * Writes the published JSON Schemas into `schema/`: of the config, which editors complete and check, and of the records
 * on the branch `trainyard`. Run it after a change of a schema; a test fails until then.
 */
const published: Readonly<Record<string, z.ZodType>> = {
  "trainyard.schema.json": configSchema,
  "run.schema.json": runRecordSchema,
  "predictions.schema.json": predictionsRecordSchema,
  "comparison.schema.json": comparisonSchema,
  "review.schema.json": reviewSchema,
  "data.schema.json": dataReportSchema,
  "drift.schema.json": driftReportSchema,
  "move.schema.json": moveSchema,
  "profile.schema.json": profileRecordSchema,
  "nights.schema.json": nightBookSchema,
  "snooze.schema.json": snoozeSchema,
};

/** Each published schema's text by its file name. */
export function generateSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(published).map(([name, schema]) => {
      const json = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
      return [name, `${JSON.stringify(json, null, 2)}\n`];
    }),
  );
}

if (import.meta.main) {
  const folder = new URL("../schema/", import.meta.url);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of generateSchemas()) await writeFile(new URL(name, folder), text);
}
