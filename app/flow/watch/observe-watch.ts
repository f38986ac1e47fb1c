import type { Model } from "#core/config/config.ts";
import type { DriftReport } from "#core/drift/drift-record.ts";
import type { DriftFacts } from "#core/message/drift/drift-facts.ts";
import type { Ports } from "#core/ports.ts";
import { findUnwatched } from "#core/watch/find-unwatched.ts";
import { judgeAlarm } from "#core/watch/judge-alarm.ts";
import { countNights, periodMs } from "#core/watch/night.ts";
import { activeSnooze } from "#core/watch/snooze.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import type { Standing } from "#core/registry/registry.ts";
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
  // a model that was renamed goes on with its nights, its issue and its peace
  const names = [model.name, ...(model.was === undefined ? [] : [model.was])];
  const [told, snoozes] = await Promise.all([
    Promise.all(names.map(async (name) => await evidence.nights(name))),
    Promise.all(names.map(async (name) => await evidence.snooze(name))),
  ]);
  const raw = told.flat();
  const period = periodMs[monitor.schedule];
  const nights = countNights(raw, period);
  const newest = nights.at(-1);
  const violated = nights.findLast(({ verdict }) => verdict === "drift");
  const read = async (at: string): Promise<DriftReport | undefined> =>
    (await Promise.all(names.map(async (name) => await evidence.driftAt(name, at)))).find((one) => one !== undefined);
  const [report, before] = await Promise.all([
    newest === undefined ? undefined : read(newest.newest),
    violated === undefined || violated === newest ? undefined : read(violated.newest),
  ]);
  const snooze = snoozes
    .filter((one) => one !== undefined)
    .toSorted((x, y) => (x.at < y.at ? -1 : 1))
    .at(-1);
  const standing = newest === undefined ? await readStanding(ports, model) : undefined;
  const owedSince = standing === undefined ? undefined : await evidence.owedSince(model.name);
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

/** What stands in production. */
export async function readStanding(ports: Pick<Ports, "tags">, model: Model): Promise<Standing | undefined> {
  const registry = await readRegistry(ports.tags, model);
  return (await registry.standing(model.promote.stages.at(-1) ?? "production")).standing;
}
