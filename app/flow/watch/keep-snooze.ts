import type { Ports } from "#core/ports.ts";
import { readSnooze } from "#core/watch/snooze.ts";
import { snoozeSchema } from "#core/watch/night.ts";
import { evidencePath, writeRecord } from "#flow/evidence/evidence-reader.ts";

/** Keeps somebody's word that they know, until when; undefined for a time that is none. */
export async function keepSnooze(
  ports: Pick<Ports, "evidence">,
  { model, time, by, at }: { model: string; time: string; by: string | null; at: Date },
): Promise<string | undefined> {
  const until = readSnooze(time, at)?.toISOString();
  if (until === undefined) return undefined;
  const record = snoozeSchema.parse({ schema: "trainyard/snooze/1", model, until, by, at: at.toISOString() });
  const what = time === "off" ? `End the snooze of ${model}` : `Snooze ${model} until ${until.slice(0, 10)}`;
  await ports.evidence.write(new Map([[evidencePath.snooze(model), writeRecord(record)]]), what);
  return until;
}
