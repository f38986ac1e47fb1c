import type { Model } from "#core/config/config.ts";
import { readDriftMarker, renderUnwatchedModel } from "#core/message/render-drift-issue.ts";
import type { Ports } from "#core/ports.ts";
import { periodMs, type NightBook } from "#core/watch/night.ts";
import { evidencePath, EvidenceReader, writeRecord } from "#flow/evidence/evidence-reader.ts";
import { readStanding } from "./observe-watch.ts";
import { readWatched } from "./read-watched.ts";
import { driftLabel, tellWatch } from "./tell-watch.ts";

/**
 * Says of models that they have not been watched for two periods: whoever runs next does, as a watch that does not run
 * cannot. The issues of models that nobody asks to watch any more are closed. One listing where all is well.
 */
export async function reportUnwatched(ports: Ports): Promise<void> {
  const evidence = new EvidenceReader(ports.evidence);
  const watched = await readWatched(ports);
  for (const model of watched) {
    const period = periodMs[model.monitor?.schedule ?? "daily"];
    // oxlint-disable-next-line no-await-in-loop -- one listing behind all of them
    const last = await evidence.lastWatch(model.name);
    if (last !== undefined && ports.now().getTime() - Date.parse(last) < 2 * period) continue;
    // oxlint-disable-next-line no-await-in-loop -- one issue after the other
    if (last !== undefined || (await isOwed(ports, evidence, model))) await tellWatch(ports, model);
  }
  const names = new Set(watched.flatMap(({ name, was }) => [name, ...(was === undefined ? [] : [was])]).map(String));
  if ([...(await evidence.everWatched())].some((name) => !names.has(name))) await closeOthers(ports, names);
}

/** Has a first watch been owed for long? Whoever finds none first notes when: a config may have asked for it just now. */
async function isOwed(ports: Ports, evidence: EvidenceReader, model: Model): Promise<boolean> {
  if ((await evidence.owedSince(model.name)) !== undefined) return true;
  if ((await readStanding(ports, model)) === undefined) return false;
  const book: NightBook = {
    schema: "trainyard/nights/1",
    model: model.name,
    alarm: "quiet",
    since: ports.now().toISOString(),
    nights: [],
  };
  await ports.evidence.write(
    new Map([[evidencePath.nights(model.name), writeRecord(book)]]),
    `Note that ${model.name} is to be watched`,
  );
  return false;
}

async function closeOthers(ports: Ports, names: ReadonlySet<string>): Promise<void> {
  for (const { number, body, state } of await ports.issues.own(driftLabel)) {
    const model = readDriftMarker(body)?.model;
    if (state !== "open" || model === undefined || names.has(model)) continue;
    // oxlint-disable-next-line no-await-in-loop -- nearly never any
    await ports.issues.update(number, { ...renderUnwatchedModel(model), state: "closed" });
  }
}
