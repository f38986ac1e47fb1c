import type { Model } from "#core/config/config.ts";
import type { DriftReport } from "#core/drift/drift-record.ts";
import { watchRecordSchema, type WatchRecord } from "#core/plan/plan-record.ts";
import { findRefreshable } from "#core/watch/find-refreshable.ts";
import type { Ports, WorkflowRun } from "#core/ports.ts";
import { checkClaimed } from "#core/watch/check-refresh.ts";
import { judgeAlarm } from "#core/watch/judge-alarm.ts";
import { countNights, mostNights, periodMs, shortenReport, type NightBook } from "#core/watch/night.ts";
import { evidencePath, EvidenceReader, readRecord, writeRecord } from "#flow/evidence/evidence-reader.ts";
import { ranOn } from "#flow/evidence/describe-source.ts";
import { differing, type Refreshed } from "./open-retraining.ts";
import { readWatched } from "./read-watched.ts";
import { retrainBranch } from "./read-retraining.ts";
import { tellWatch } from "./tell-watch.ts";

export const watchArtifact = { artifact: "trainyard-watch", file: "watch.json" } as const;

/** A clock may be wrong by so much. */
const skewMs = 10 * 60_000;

type Told = { model: Model; report: DriftReport; files: Refreshed };

/**
 * Says what a watch found: the evidence, one issue a model, and the pull request that retrains. What the watch claims is
 * checked against the default branch's config and the clock. Told twice, it is the same; told late, it is kept and no
 * more.
 */
export async function reportWatch(ports: Ports, id: number): Promise<readonly DriftReport[]> {
  const run = await findRun(ports, id);
  if (run === undefined) return [];
  const bytes = await ports.workflows.record(id, watchArtifact.artifact, watchArtifact.file);
  const record = bytes === undefined ? undefined : readRecord(new TextDecoder().decode(bytes), watchRecordSchema);
  if (record === undefined) return [];
  const told: Told[] = [];
  for (const model of await readWatched(ports)) {
    const claim = record.reports.findLast((report) => report.model === model.name);
    if (claim === undefined || Date.parse(claim.at) > ports.now().getTime() + skewMs) continue;
    const retrain = record.retrain.find((one) => one.model === model.name);
    // oxlint-disable-next-line no-await-in-loop -- one model after the other
    const { files, note } = await takeFiles(ports, model, retrain);
    const at = new Date(claim.at).toISOString();
    told.push({ model, files, report: { ...claim, at, watch: { run: id, url: run.url.slice(0, 500), note } } });
  }
  await keep(ports, told);
  for (const { model, report, files } of told) {
    // oxlint-disable-next-line no-await-in-loop -- one issue after the other
    const isNewest = (await new EvidenceReader(ports.evidence).lastWatch(model.name)) === report.at;
    // oxlint-disable-next-line no-await-in-loop -- see above
    await tellWatch(ports, model, { files: isNewest ? files : undefined });
  }
  return told.map(({ report }) => report);
}

/** Only a run of the default branch's own workflow watches: one on another branch could say anything. */
async function findRun(ports: Ports, id: number): Promise<WorkflowRun | undefined> {
  const [run, { name, head }] = await Promise.all([ports.workflows.run(id), ports.repository.defaultBranch()]);
  return run !== undefined && (await ranOn(ports, run, { branch: name, tip: head })) ? run : undefined;
}

/** What the team's command brought, or why nothing of it can be used. The bytes came from a machine where it ran. */
async function takeFiles(
  ports: Ports,
  model: Model,
  claim: WatchRecord["retrain"][number] | undefined,
): Promise<{ files: Refreshed; note: string | null }> {
  const none = new Map<string, Uint8Array>();
  if (claim === undefined || model.monitor?.retrain === undefined) return { files: none, note: null };
  if (claim.failure !== null) return { files: none, note: claim.failure.slice(0, 1_500) };
  const files = claim.files.map(({ path, base64 }) => [path, new Uint8Array(Buffer.from(base64, "base64"))] as const);
  const { head } = await ports.repository.defaultBranch();
  const problem = checkClaimed(
    files.map(([path, { length: size }]) => ({ path, size })),
    { data: findRefreshable(model), tree: await ports.repository.tree(head) },
  );
  if (problem !== undefined) return { files: none, note: problem };
  const wanted = new Map(files);
  if ((await differing(ports, head, wanted)).size === 0)
    return { files: none, note: "it brought nothing that the default branch does not have" };
  const [newest] = await ports.pulls.ofBranch(retrainBranch(model.name));
  if (newest?.merged === true && (await differing(ports, newest.head.sha, wanted)).size === 0)
    return {
      files: none,
      note: `it brought the very bytes of pull request ${newest.number}, which was merged and is not what stands now`,
    };
  return { files: wanted, note: null };
}

/** Reports and the books of nights, in one commit. */
async function keep(ports: Ports, told: readonly Told[]): Promise<void> {
  const files = new Map<string, string>();
  const evidence = new EvidenceReader(ports.evidence);
  for (const { model, report } of told) {
    files.set(evidencePath.drift(report), writeRecord(report));
    // oxlint-disable-next-line no-await-in-loop -- one listing behind all of them
    const before = await evidence.nights(model.name);
    const followed = new Set(
      before.flatMap(({ columns }) => columns.filter(({ drifted }) => drifted).map(({ column }) => column)),
    );
    const others = before.filter(({ at }) => Date.parse(at) !== Date.parse(report.at));
    const nights = [...others, shortenReport(report, followed)]
      .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
      .slice(-mostNights);
    const { schedule, alarm } = model.monitor ?? { schedule: "daily", alarm: { after: 2, of: 5 } };
    const { kind } = judgeAlarm(countNights(nights, periodMs[schedule]), alarm);
    const book: NightBook = { schema: "trainyard/nights/1", model: model.name, alarm: kind, nights };
    files.set(evidencePath.nights(model.name), writeRecord(book));
  }
  if (files.size > 0)
    await ports.evidence.write(files, `Record the watch of ${told.map(({ model }) => model.name).join(", ")}`);
}
