import type { DriftReport } from "#core/evidence.ts";
import { configPath } from "#core/config/config.ts";
import { compileGlobs } from "#core/config/glob.ts";
import { parseConfig } from "#core/config/parse.ts";
import type { Config } from "#core/config/config.ts";
import { readDriftMarker, renderDriftIssue } from "#core/message/render-drift-issue.ts";
import { watchRecordSchema, type WatchRecord } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import { evidencePath, EvidenceReader, readRecord, writeRecord } from "#flow/evidence/evidence-reader.ts";
import { ranOn } from "#flow/evidence/describe-source.ts";
import { openRetraining } from "./open-retraining.ts";

export const watchArtifact = { artifact: "trainyard-watch", file: "watch.json" } as const;
export const driftLabel = "trainyard-drift";

/**
 * Says what a watch found: the evidence, one issue a model (made, edited in place, reopened, closed), and the pull
 * request that retrains. What the watch claims is checked against the default branch's config.
 */
export async function reportWatch(ports: Ports, run: number): Promise<readonly DriftReport[]> {
  if (!(await isOurs(ports, run))) return [];
  const bytes = await ports.workflows.record(run, watchArtifact.artifact, watchArtifact.file);
  const record = bytes === undefined ? undefined : readRecord(new TextDecoder().decode(bytes), watchRecordSchema);
  if (record === undefined) return [];
  const config = await readConfig(ports);
  const reports = record.reports.filter(({ model }) =>
    [...(config?.models.values() ?? [])].some(({ name, monitor }) => name === model && monitor !== undefined),
  );
  const files = new Map(reports.map((report) => [evidencePath.drift(report), writeRecord(report)]));
  if (files.size > 0)
    await ports.evidence.write(files, `Record the watch of ${reports.map(({ model }) => model).join(", ")}`);
  for (const report of reports) {
    const retraining = record.retrain.find(({ model }) => model === report.model);
    // oxlint-disable-next-line no-await-in-loop -- one issue after the other
    await sayDrift(ports, report, config, retraining);
  }
  return reports;
}

/** What a closed issue is about: the last drift that was found. */
async function findDrift(ports: Pick<Ports, "evidence">, model: string): Promise<DriftReport | undefined> {
  return (await new EvidenceReader(ports.evidence).drift(model, 20)).findLast(({ verdict }) => verdict === "drift");
}

/** Only a run of the default branch's own workflow watches: one on another branch could say anything. */
async function isOurs(ports: Ports, id: number): Promise<boolean> {
  const [run, { name, head }] = await Promise.all([ports.workflows.run(id), ports.repository.defaultBranch()]);
  return run !== undefined && (await ranOn(ports, run, { branch: name, tip: head }));
}

async function readConfig(ports: Ports): Promise<Config | undefined> {
  const { head } = await ports.repository.defaultBranch();
  const entry = (await ports.repository.tree(head)).get(configPath);
  const parsed = entry === undefined ? undefined : parseConfig(await ports.repository.blob(entry.blob));
  return parsed?.kind === "config" ? parsed.config : undefined;
}

async function sayDrift(
  ports: Ports,
  report: DriftReport,
  config: Config | undefined,
  retraining: WatchRecord["retrain"][number] | undefined,
): Promise<void> {
  const model = [...(config?.models.values() ?? [])].find(({ name }) => name === report.model);
  const known = (await ports.issues.own(driftLabel))
    .filter(({ body }) => readDriftMarker(body)?.model === report.model)
    .toSorted((a, b) => a.number - b.number);
  let issue = known[0];
  for (const { number, state } of known.slice(1)) {
    // oxlint-disable-next-line no-await-in-loop -- two at once made one each: the oldest stays
    if (state === "open") await ports.issues.update(number, { state: "closed" });
  }
  const alarm = report.verdict === "drift";
  if (!alarm && issue?.state !== "open") return;
  const canRetrain = model?.monitor?.retrain !== undefined;
  if (issue === undefined)
    issue = await ports.issues.create({
      ...renderDriftIssue(report, { retrainPull: undefined, canRetrain }),
      labels: [driftLabel],
    });
  const isData = compileGlobs(model?.inputs?.data ?? []);
  const files = (retraining?.files ?? []).filter(({ path }) => isData(path));
  const pull =
    alarm && model !== undefined && files.length > 0
      ? await openRetraining(ports, { model, report, files, issue: issue.number })
      : undefined;
  const before = alarm ? undefined : await findDrift(ports, report.model);
  const { title, body } = renderDriftIssue(report, { retrainPull: pull, canRetrain, before });
  const state = report.verdict === "quiet" ? "closed" : "open";
  if (issue.title === title && issue.body === body && issue.state === state) return;
  await ports.issues.update(issue.number, { title, body, state });
}
