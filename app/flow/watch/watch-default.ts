import { compileGlobs } from "#core/config/glob.ts";
import type { Model } from "#core/config/config.ts";
import type { DriftReport } from "#core/drift/drift-record.ts";
import type { ChangedFile } from "#core/machine.ts";
import type { WatchRecord } from "#core/plan/plan-record.ts";
import { findRefreshable } from "#core/watch/find-refreshable.ts";
import type { Ports } from "#core/ports.ts";
import { checkRefresh } from "#core/watch/check-refresh.ts";
import { judgeAlarm } from "#core/watch/judge-alarm.ts";
import { countNights, periodMs, shortenReport } from "#core/watch/night.ts";
import { activeSnooze } from "#core/watch/snooze.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { readSnapshot } from "#flow/observe/read-snapshot.ts";
import { watchModel, type Watched, type WatchTools } from "./watch-model.ts";

/** Watches these models of the default branch; where it is an alarm, has the team's command refresh the data. */
export async function watchDefault(
  ports: Ports,
  tools: WatchTools & { readFile(file: ChangedFile): Promise<Uint8Array> },
  names: readonly string[],
): Promise<WatchRecord> {
  const { head } = await ports.repository.defaultBranch();
  const read = await readSnapshot(ports.repository, head, head);
  if (read.kind !== "snapshot") throw new Error("Cannot watch: the default branch has no config that can be read");
  const record: WatchRecord = { schema: "trainyard/watch/1", head, reports: [], retrain: [] };
  for (const model of read.snapshot.config.models.values()) {
    if (!names.includes(model.name)) continue;
    // oxlint-disable-next-line no-await-in-loop -- one machine, one model after the other
    const watched = await watchModel(ports, tools, read.snapshot, model);
    if (watched.report === undefined) continue;
    record.reports.push(watched.report);
    // oxlint-disable-next-line no-await-in-loop -- see above
    if (await wantsRetraining(ports, model, watched.report))
      record.retrain.push(...(await refresh(tools, model, watched)));
  }
  return record;
}

/** One odd night trains nothing, and nobody who said that they know is asked again. */
async function wantsRetraining(ports: Ports, model: Model, report: DriftReport): Promise<boolean> {
  if (model.monitor?.retrain === undefined || report.verdict !== "drift") return false;
  const evidence = new EvidenceReader(ports.evidence);
  const [nights, snooze] = await Promise.all([evidence.nights(model.name), evidence.snooze(model.name)]);
  const counted = countNights([...nights, shortenReport(report)], periodMs[model.monitor.schedule]);
  return judgeAlarm(counted, model.monitor.alarm).kind === "alarm" && activeSnooze(snooze, ports.now()) === undefined;
}

/** The team's own command refreshes the data; what it changed outside of the declared data inputs is left behind. */
async function refresh(
  tools: WatchTools & { readFile(file: ChangedFile): Promise<Uint8Array> },
  model: Model,
  watched: Watched,
): Promise<WatchRecord["retrain"]> {
  const retrain = model.monitor?.retrain;
  if (retrain === undefined) return [];
  const done = await tools.machine.runCommand({
    model: model.name,
    phase: "retrain",
    entries: watched.entries,
    setup: model.setup?.run,
    container: model.setup?.container,
    command: retrain.run,
    timeoutMs: model.train.timeoutMs,
  });
  if (done.kind === "failed")
    return [{ model: model.name, files: [], failure: `${done.failure.message}\n${done.failure.log}`.slice(0, 20_000) }];
  const [isData, mayBring] = [compileGlobs(model.inputs?.data ?? []), compileGlobs(findRefreshable(model))];
  const changed = done.changed.filter(({ path }) => mayBring(path));
  const problem = checkRefresh(changed);
  if (problem !== undefined) return [{ model: model.name, files: [], failure: problem }];
  const files = await Promise.all(
    changed.map(async (file) => {
      return { path: file.path, base64: Buffer.from(await tools.readFile(file)).toString("base64") };
    }),
  );
  const failure = !files.some(({ path }) => isData(path)) ? 'it changed no file under "inputs: data:"' : null;
  return [{ model: model.name, files, failure }];
}
