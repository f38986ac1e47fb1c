import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { PredictionsRecord } from "#core/evidence.ts";
import { hashFile } from "#runner/model-files.ts";
import type { Job } from "#actions/job.ts";

/**
 * Predictions that are known, as a file with the digest that was recorded; undefined where they cannot be had. Whoever
 * can leave an artifact under the same name is not believed.
 */
export async function fetchPredictions(
  job: Job,
  known: Pick<PredictionsRecord, "bytes" | "sha256">,
): Promise<string | undefined> {
  const folder = await mkdtemp(join(job.folder, "known-"));
  const [name] = (await job.ports.bytes.fetch(known.bytes, folder)) ?? [];
  if (name === undefined) return undefined;
  const file = join(folder, name);
  return hashFile(file).sha256 === known.sha256 ? file : undefined;
}
