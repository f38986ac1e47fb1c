import type { Model } from "#core/config/config.ts";
import type { DriftFacts } from "#core/message/drift/drift-facts.ts";
import type { Ports } from "#core/ports.ts";
import { findUnwatched } from "#core/watch/find-unwatched.ts";
import { judgeAlarm } from "#core/watch/judge-alarm.ts";
import { countNights, periodMs } from "#core/watch/night.ts";
import { activeSnooze } from "#core/watch/snooze.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";

export type ObservedWatch = Omit<DriftFacts, "retraining">;

/** What the nights of a model come to, now. Reads only; undefined for a model that nobody asked to watch. */
export async function observeWatch(
  ports: Pick<Ports, "evidence" | "tags" | "now">,
  model: Model,
): Promise<ObservedWatch | undefined> {
  const { monitor } = model;
  if (monitor === undefined) return undefined;
  const evidence = new EvidenceReader(ports.evidence);
  const [raw, snooze] = await Promise.all([evidence.nights(model.name), evidence.snooze(model.name)]);
  const period = periodMs[monitor.schedule];
  const nights = countNights(raw, period);
  const newest = nights.at(-1);
  const violated = nights.findLast(({ verdict }) => verdict === "drift");
  const [report, before] = await Promise.all([
    newest === undefined ? undefined : evidence.driftAt(model.name, newest.newest),
    violated === undefined || violated === newest ? undefined : evidence.driftAt(model.name, violated.newest),
  ]);
  const standing = newest === undefined ? await readStanding(ports, model) : undefined;
  const owedSince = standing?.since.toISOString();
  return {
    model: model.name,
    version: newest?.version ?? standing?.version ?? "",
    schedule: monitor.schedule,
    report,
    before,
    alarm: judgeAlarm(nights, monitor.alarm),
    nights,
    unwatched: findUnwatched(raw, { owedSince, period, now: ports.now() }),
    snooze: activeSnooze(snooze, ports.now()),
  };
}

async function readStanding(ports: Pick<Ports, "tags">, model: Model) {
  const registry = await readRegistry(ports.tags, model);
  return (await registry.standing(model.promote.stages.at(-1) ?? "production")).standing;
}
