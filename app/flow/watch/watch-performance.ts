import type { Model } from "#core/config/config.ts";
import { compileGlobs } from "#core/config/glob.ts";
import { judgePrediction } from "#core/drift/judge-prediction.ts";
import { settleDrift } from "#core/drift/settle-drift.ts";
import type { EstimateRecord } from "#core/evidence.ts";
import type { Answered } from "#core/performance/add-performance.ts";
import { computeSubject } from "#core/identity/subject.ts";
import type { ChangedFile } from "#core/machine.ts";
import { identifyExam, type Snapshot } from "#core/plan/identify.ts";
import type { Ports } from "#core/ports.ts";
import type { Standing } from "#core/registry/registry.ts";
import { judgePerformance } from "#core/performance/judge-performance.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import type { WatchTools } from "./watch-model.ts";

type Question = {
  model: Model;
  standing: Standing;
  /** the repository at production's commit, whose holdout it was judged on */
  before: Snapshot;
  /** what the command `monitor: current:` made */
  made: readonly ChangedFile[];
};

/**
 * Production's answers of late, judged by the labels that have come and estimated where they have not. Undefined where
 * the config asks for none. Throws an Error whose message says which file is not what it must be.
 */
export async function watchPerformance(
  ports: Pick<Ports, "evidence">,
  tools: Pick<WatchTools, "machine" | "findPredictions">,
  { model, standing, before, made }: Question,
): Promise<Answered | undefined> {
  const { evaluate, monitor, gates } = model;
  if (monitor?.predictions === undefined || evaluate.id === undefined) return undefined;
  const pick = (glob: string | undefined): readonly ChangedFile[] => {
    const isWanted = glob === undefined ? () => false : compileGlobs([glob]);
    return made.filter(({ path }) => isWanted(path));
  };
  const predictions = pick(monitor.predictions);
  if (predictions.length === 0)
    throw new Error(`the command "monitor: current:" made no file that matches "${monitor.predictions}"`);
  const evidence = new EvidenceReader(ports.evidence);
  const subject = computeSubject(standing);
  const exam = identifyExam(evaluate, before.tree);
  const known =
    exam.evaluation === standing.evaluation ? await evidence.predictions(exam.evaluation, subject) : undefined;
  const file = known === undefined ? undefined : await tools.findPredictions(known);
  const outcomes = await tools.machine.readOutcomes({
    predictions,
    labels: pick(monitor.labels),
    columns: { id: evaluate.id, score: evaluate.score, label: evaluate.label },
    reference: file === undefined ? undefined : { file, holdout: exam.holdout },
  });
  const { labelled, waiting, reference } = outcomes;
  const performance = judgePerformance({
    metrics: evaluate.metrics,
    gates,
    ...outcomes,
    atPromotion: await readPromotion(evidence, standing, subject),
  });
  const scores = Float64Array.from([...labelled.scores, ...waiting]);
  const columns =
    reference === undefined ? [] : judgePrediction(reference.scores, scores, evaluate.score, settleDrift(model));
  return { performance, columns };
}

/** What production reached on the holdout that it was promoted by. */
async function readPromotion(
  evidence: EvidenceReader,
  standing: Standing,
  subject: string,
): Promise<ReadonlyMap<string, Estimate>> {
  if (standing.evaluation === null) return new Map();
  const [found] = (await evidence.comparisons(standing.evaluation, subject)).filter(
    ({ candidate }) => candidate === subject,
  );
  return new Map(
    (found?.metrics ?? []).flatMap(({ name, candidate }) => {
      const estimate = candidate === null ? undefined : asEstimate(candidate);
      return estimate === undefined ? [] : [[name, estimate] as const];
    }),
  );
}

function asEstimate({ point, low, high, n }: EstimateRecord): Estimate | undefined {
  return point === null || low === null || high === null ? undefined : { point, low, high, n };
}
