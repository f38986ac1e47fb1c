import type { Model, MonitorConfig } from "#core/config/config.ts";
import { compileGlobs, resolveFileSet, selectFiles } from "#core/config/glob.ts";
import { isProfilePath } from "#core/profile/profile-json.ts";
import { judgeDrift, type DriftFacts } from "#core/drift/judge-drift.ts";
import { settleDrift } from "#core/drift/settle-drift.ts";
import { leaveOutReferences } from "#core/expect/leave-out-references.ts";
import type { Comparison, EstimateRecord, PredictionsRecord } from "#core/evidence.ts";
import type { DriftReport } from "#core/drift/drift-record.ts";
import { addPerformance, addUnmeasured } from "#core/performance/add-performance.ts";
import { computeSubject } from "#core/identity/subject.ts";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import type { ChangedFile, Machine } from "#core/machine.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import { identifyExam, identifyModel, type Snapshot } from "#core/plan/identify.ts";
import type { ReportRecord } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import type { Standing } from "#core/registry/registry.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { observeModel } from "#flow/observe/observe-model.ts";
import { planRun } from "#flow/plan/plan-run.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import { readSnapshot } from "#flow/observe/read-snapshot.ts";
import { watchPerformance } from "./watch-performance.ts";

export type WatchTools = {
  machine: Machine;
  /** makes files that no commit holds readable by blob id */
  lend(files: readonly ChangedFile[]): void;
  /** predictions that are known, as a file on this machine; undefined where they cannot be had any more */
  findPredictions(known: Pick<PredictionsRecord, "bytes" | "sha256">): Promise<string | undefined>;
  /** runs a plan on this machine */
  run(plan: ReturnType<typeof planRun>): Promise<ReportRecord>;
};

export type Watched = {
  report: DriftReport | undefined;
  /** the default branch's files with what is current on top */
  entries: readonly TreeEntry[];
};

type Needed = Pick<Ports, "repository" | "tags" | "bytes" | "evidence" | "now">;

/**
 * Fetches what is current with the team's command, and compares: its columns with what production was trained on, and
 * production's lead over the baseline with its lead when it was promoted. Writes nothing.
 */
export async function watchModel(ports: Needed, tools: WatchTools, snapshot: Snapshot, model: Model): Promise<Watched> {
  const { monitor } = model;
  const entries = [...snapshot.tree.values()].filter(({ mode }) => mode !== "160000");
  if (monitor === undefined) return { report: undefined, entries };
  const registry = await readRegistry(ports.tags, model);
  const { standing } = await registry.standing(model.promote.stages.at(-1) ?? "production");
  if (standing === undefined) return { report: undefined, entries };
  const failed = (because: string): Watched => ({
    report: emptyReport(model, standing, because, ports.now()),
    entries,
  });
  const fetched = await tools.machine.runCommand({
    model: model.name,
    phase: "watch",
    entries,
    setup: model.setup?.run,
    container: model.setup?.container,
    command: monitor.current.run,
    timeoutMs: model.predict.timeoutMs,
  });
  if (fetched.kind === "failed") return failed(fetched.failure.message);
  const isOutput = compileGlobs([monitor.current.output]);
  const current = fetched.changed.filter(({ path }) => isOutput(path));
  tools.lend(fetched.changed);
  const overlay = new Map(snapshot.tree);
  for (const { path, mode, blob } of current) overlay.set(path, { path, mode, blob });
  const exam = identifyExam(model.evaluate, overlay);
  const rolling = model.evaluate.holdout.kind === "last";
  const now: readonly TreeEntry[] = rolling ? exam.holdout : current;
  if (now.length === 0) {
    return failed(`the command "monitor: current:" made no file that matches "${monitor.current.output}"`);
  }
  const before = await readSnapshot(ports.repository, standing.commit, standing.commit);
  if (before.kind !== "snapshot") return failed(`the config at ${standing.version} can no longer be read`);
  const reference = findReference(before.snapshot, model, monitor, snapshot.tree);
  if (reference.length === 0)
    return failed(
      `no file is there to compare with: "monitor: reference:" matches no data input of ${standing.version}, and no profile (.json)`,
    );
  const settings = settleDrift(model);
  const { watched: columns, names, without } = settings;
  const profiles = await tools.machine.profile({ reference, current: now, columns, without, names });
  const comparison = rolling ? await measureLead(ports, tools, snapshot, overlay, model) : undefined;
  const facts: DriftFacts = {
    model: model.name,
    version: standing.version,
    reference: { files: reference.map(({ path }) => path), profile: profiles.reference },
    current: { files: now.map(({ path }) => path), profile: profiles.current },
    settings,
    lead: comparison === undefined ? undefined : await describeLead(ports, model, standing, comparison),
    at: ports.now().toISOString(),
  };
  const question = { model, standing, before: before.snapshot, made: fetched.changed };
  const report = await withPerformance(judgeDrift(facts), ports, tools, question);
  if (rolling && exam.evaluation === standing.evaluation && report.verdict === "drift") {
    return { report: { ...report, verdict: "quiet", because: sayNothingNewer(standing, report) }, entries };
  }
  return { report, entries };
}

/** What the config asks for besides: how well production answered. */
async function withPerformance(
  report: DriftReport,
  ...asked: Parameters<typeof watchPerformance>
): Promise<DriftReport> {
  try {
    const answered = await watchPerformance(...asked);
    return answered === undefined ? report : addPerformance(report, answered);
  } catch (error) {
    return addUnmeasured(report, error instanceof Error ? error.message : String(error));
  }
}

/** Production was judged on exactly these rows when it was promoted: until newer ones come, they are no news. */
function sayNothingNewer({ version }: Standing, { because }: DriftReport): string {
  return `nothing is newer than the holdout that ${version} was judged on when it was promoted (it differs from its training data: ${because})`.slice(
    0,
    4_000,
  );
}

/**
 * The files that production was trained on, or the newest of them; or stored profiles (.json) in their place, as they were
 * at that commit, else as the default branch has them now.
 */
function findReference(snapshot: Snapshot, judge: Model, monitor: MonitorConfig, now: Tree): readonly TreeEntry[] {
  for (const tree of [snapshot.tree, now]) {
    const found = monitor.reference === undefined ? [] : resolveFileSet(monitor.reference, tree);
    if (found.length > 0 && found.every(({ path }) => isProfilePath(path))) return found;
  }
  const model = snapshot.config.models.get(judge.name) ?? judge;
  const { training } = identifyModel(model, snapshot.tree);
  const isData = model.inputs === undefined ? () => true : compileGlobs(model.inputs.data);
  const data = leaveOutReferences(
    judge,
    training.filter(({ path }) => isData(path)),
  );
  return monitor.reference === undefined ? data : selectFiles(monitor.reference, data);
}

/** Production and baseline on the newest holdout, as everybody else sits it. */
async function measureLead(
  ports: Needed,
  tools: WatchTools,
  snapshot: Snapshot,
  overlay: Tree,
  model: Model,
): Promise<Comparison | undefined> {
  if (model.evaluate.baseline === undefined) return undefined;
  const exam = identifyExam(model.evaluate, overlay);
  const change: ModelChange = {
    kind: "settings",
    name: model.name,
    judge: model,
    merged: identifyModel(model, snapshot.tree),
    exam,
    proposed: undefined,
    promoteChanged: false,
  };
  const evidence = new EvidenceReader(ports.evidence);
  const facts = await observeModel(change, {
    ports,
    evidence,
    judgeTree: snapshot.tree,
    carried: snapshot.tree,
    pull: undefined,
    messages: async () => await Promise.resolve([]),
    failures: [],
  });
  const head = snapshot.commit;
  if (facts.production === undefined || head === undefined) return undefined;
  const subject = computeSubject(facts.production.standing);
  const plan = planRun({
    pull: undefined,
    head,
    base: head,
    objects: [head],
    baseTree: snapshot.tree,
    mergedTree: snapshot.tree,
    models: [{ change, facts }],
    train: () => false,
  });
  if (plan.comparisons.length === 0)
    return facts.comparisons.find(
      ({ candidate, evaluation }) => candidate === subject && evaluation === exam.evaluation,
    );
  return (await tools.run(plan)).comparisons[0];
}

/** The metric that the gates read first, now, when production was promoted, and at the last watch. */
async function describeLead(
  ports: Needed,
  model: Model,
  standing: Standing,
  comparison: Comparison,
): Promise<DriftFacts["lead"]> {
  const metric =
    (model.gates.find(({ kind }) => kind === "versus") ?? model.gates[0])?.metric ?? model.evaluate.metrics[0]?.name;
  const now = comparison.metrics.find(({ name }) => name === metric) ?? comparison.metrics[0];
  if (now === undefined || now.versusBaseline === null) return undefined;
  const evidence = new EvidenceReader(ports.evidence);
  const promoted =
    standing.evaluation === null ? [] : await evidence.comparisons(standing.evaluation, computeSubject(standing));
  const then = promoted
    .filter(({ candidate, baseline }) => candidate === computeSubject(standing) && baseline !== null)
    .flatMap(({ metrics }) => metrics.filter(({ name }) => name === now.name))[0];
  // The same block again confirms nothing: only one with other files does.
  const isOther = ({ version, current }: DriftReport): boolean =>
    version === standing.version && !current.files.some((path) => comparison.holdout.includes(path));
  const last = (await evidence.drift(model.name, 8)).findLast(isOther);
  return {
    metric: now.name,
    better: now.better,
    now: asEstimate(now.versusBaseline),
    atPromotion: then?.versusBaseline === null || then === undefined ? undefined : asEstimate(then.versusBaseline),
    previous: last?.lead?.metric === now.name ? asEstimate(last.lead.now) : undefined,
  };
}

function asEstimate({ point, low, high, n }: EstimateRecord): Estimate {
  return { point: point ?? Number.NaN, low: low ?? Number.NaN, high: high ?? Number.NaN, n };
}

function emptyReport(model: Model, standing: Standing, because: string, now: Date): DriftReport {
  const none = { files: [], rows: 0 };
  return {
    schema: "trainyard/drift/1",
    model: model.name,
    version: standing.version,
    verdict: "error",
    because: because.slice(0, 4_000),
    reference: none,
    current: none,
    columns: [],
    lead: null,
    at: now.toISOString(),
  };
}
