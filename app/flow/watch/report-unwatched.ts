import type { Ports } from "#core/ports.ts";
import { periodMs } from "#core/watch/night.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { readWatched } from "./read-watched.ts";
import { tellWatch } from "./tell-watch.ts";

/**
 * Says of models that they have not been watched for two periods: whoever runs next does, as a watch that does not run
 * cannot. One listing where all is well.
 */
export async function reportUnwatched(ports: Ports): Promise<void> {
  const evidence = new EvidenceReader(ports.evidence);
  for (const model of await readWatched(ports)) {
    const period = periodMs[model.monitor?.schedule ?? "daily"];
    // oxlint-disable-next-line no-await-in-loop -- one listing behind all of them
    const last = await evidence.lastWatch(model.name);
    const isLate = last === undefined || ports.now().getTime() - Date.parse(last) >= 2 * period;
    // oxlint-disable-next-line no-await-in-loop -- one issue after the other
    if (isLate) await tellWatch(ports, model);
  }
}
