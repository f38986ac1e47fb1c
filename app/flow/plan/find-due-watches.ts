import type { Config } from "#core/config/config.ts";
import type { Ports } from "#core/ports.ts";
import { periodMs } from "#core/watch/night.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";

/**
 * The models whose watch is due: the workflow's cron only wakes, the config's `schedule` decides. A tenth of a period is
 * forgiven, as cron comes late. A night that was missed is made up for by the next run that wakes, once; a watch that left
 * no report is due still. `forced`: asked for by hand, due or not.
 */
export async function findDueWatches(
  ports: Pick<Ports, "evidence" | "now">,
  config: Config,
  asked: { forced: boolean; model: string | undefined },
): Promise<readonly string[]> {
  const watched = [...config.models.values()].filter(
    ({ name, monitor }) => monitor !== undefined && (asked.model === undefined || asked.model === name),
  );
  if (asked.forced || watched.length === 0) return watched.map(({ name }) => name);
  const evidence = new EvidenceReader(ports.evidence);
  const due: string[] = [];
  for (const { name, monitor } of watched) {
    // oxlint-disable-next-line no-await-in-loop -- one listing behind all of them
    const last = await evidence.lastWatch(name);
    if (monitor === undefined) continue;
    const sinceMs = last === undefined ? Number.POSITIVE_INFINITY : ports.now().getTime() - Date.parse(last);
    const period = periodMs[monitor.schedule];
    // what claims to come from the future keeps nobody from looking
    if (sinceMs >= 0.9 * period || sinceMs < -period) due.push(name);
  }
  return due;
}
