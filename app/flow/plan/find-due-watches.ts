import type { Config, MonitorConfig } from "#core/config/config.ts";
import type { Ports } from "#core/ports.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";

const periodMs: Record<MonitorConfig["schedule"], number> = {
  hourly: 3_600_000,
  daily: 86_400_000,
  weekly: 604_800_000,
};

/**
 * The models whose watch is due: the workflow's cron only wakes, the config's `schedule` decides. A tenth of a period is
 * forgiven, as cron comes late. `forced`: asked for by hand, due or not.
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
    const [last] = await evidence.drift(name, 1);
    const sinceMs = last === undefined ? Number.POSITIVE_INFINITY : ports.now().getTime() - new Date(last.at).getTime();
    if (monitor !== undefined && sinceMs >= 0.9 * periodMs[monitor.schedule]) due.push(name);
  }
  return due;
}
