import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { EvaluationSpec } from "#core/plan/plan-record.ts";
import { say } from "#actions/say.ts";

/** Rows are kept by evaluation, whose digest covers every byte that they are made of: a known holdout is not read again. */
const key = (evaluation: string): string => `trainyard-rows-1-${evaluation}`;
const place = (evaluation: string): string => join(process.env["RUNNER_TEMP"] ?? ".", "trainyard-rows", evaluation);

/** Restores prepared rows into a folder; answers the files by evaluation. A cache that cannot be had costs nothing. */
export async function restoreRows(
  folder: string,
  specs: readonly EvaluationSpec[],
): Promise<ReadonlyMap<string, string>> {
  const restored = new Map<string, string>();
  const cache = await import("@actions/cache");
  if (!cache.isFeatureAvailable()) return restored;
  for (const { evaluation } of specs) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one or two evaluations
      if ((await cache.restoreCache([place(evaluation)], key(evaluation))) === undefined) continue;
      // oxlint-disable-next-line no-await-in-loop -- see above
      const name = (await readdir(place(evaluation))).find((entry) => entry.startsWith("rows."));
      if (name === undefined) continue;
      const to = join(folder, evaluation, name);
      // oxlint-disable-next-line no-await-in-loop -- see above
      await mkdir(join(folder, evaluation), { recursive: true });
      // oxlint-disable-next-line no-await-in-loop -- see above
      await copyFile(join(place(evaluation), name), to);
      restored.set(evaluation, to);
    } catch (error) {
      say(`The cache of prepared rows could not be read: ${String(error)}`);
    }
  }
  return restored;
}

/** Keeps prepared rows for the next run. */
export async function saveRows(made: ReadonlyMap<string, string>): Promise<void> {
  if (made.size === 0) return;
  const cache = await import("@actions/cache");
  if (!cache.isFeatureAvailable()) return;
  for (const [evaluation, file] of made) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one or two evaluations
      await mkdir(place(evaluation), { recursive: true });
      // oxlint-disable-next-line no-await-in-loop -- see above
      await copyFile(file, join(place(evaluation), basename(file)));
      // oxlint-disable-next-line no-await-in-loop -- see above
      await cache.saveCache([place(evaluation)], key(evaluation));
      // oxlint-disable-next-line no-await-in-loop -- see above
      await rm(place(evaluation), { recursive: true, force: true });
    } catch (error) {
      say(`The prepared rows could not be cached: ${String(error)}`);
    }
  }
}
