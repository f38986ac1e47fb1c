import type { Gate, MetricDefinition } from "#core/config/config.ts";
import type { EstimateRecord } from "#core/evidence.ts";
import { formatCount, formatUnits } from "#core/message/format.ts";
import type { PerformanceRecord } from "#core/performance/performance-record.ts";
import { measureBinary } from "#core/evaluation/measure-binary.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import { subtractIndependent } from "#core/statistics/intervals/independent.ts";
import { calibrate, chooseCalibration, uncalibrated } from "./calibration.ts";
import { estimateWithoutLabels } from "./estimate-performance.ts";

/** Labelled rows below which nothing is judged, and those of the rarer class. */
export const leastLabels = { rows: 100, ofClass: 10 } as const;

/** Scores with their labels (0 or 1), a row each. */
export type LabelledScores = { scores: Float64Array; labels: Uint8Array };

export type PerformanceFacts = {
  /** in the order of the config; those that cannot be measured on a score and a label alone are left out */
  metrics: readonly MetricDefinition[];
  gates: readonly Gate[];
  labelled: LabelledScores;
  /** scores whose label has not come */
  waiting: Float64Array;
  orphans: number;
  /** what production answered on its holdout, with the truth; undefined where that cannot be had any more */
  reference: LabelledScores | undefined;
  /** each metric as it was when the version was promoted */
  atPromotion: ReadonlyMap<string, Estimate>;
};

type MetricRecord = PerformanceRecord["metrics"][number];

/**
 * How well production answers now, measured where labels have come and estimated where they have not, against what it
 * reached at promotion. It is worse where the interval of a change lies wholly beyond what the metric's gate allows
 * (nothing, where none does). An estimate is never a reason: it holds only while the world is as it was.
 */
export function judgePerformance(facts: PerformanceFacts): PerformanceRecord {
  const { labelled, waiting, reference } = facts;
  const positives = labelled.labels.reduce((sum, label) => sum + label, 0);
  const rarer = Math.min(positives, labelled.labels.length - positives);
  const enough = labelled.labels.length >= leastLabels.rows && rarer >= leastLabels.ofClass;
  // the holdout was labelled before, today's rows are nearer: the truth of both teaches what a score means
  const known = reference ?? labelled;
  const curve = chooseCalibration(known.scores, known.labels);
  const rows = { scores: waiting, probabilities: waiting.map((score) => calibrate(curve, score)) };
  const metrics = facts.metrics.flatMap((metric) => {
    const measure = measureBinary(metric, labelled.labels);
    if (measure === undefined || metric.definition.kind === "mean" || metric.definition.kind === "ratio") return [];
    const measured = enough ? measure.single({ subject: "", scores: labelled.scores, own: new Map() }) : undefined;
    const estimated =
      waiting.length === 0 || known.labels.length === 0
        ? undefined
        : estimateWithoutLabels(metric, rows, known.labels.length);
    return [judgeMetric(metric, measured, estimated, facts)];
  });
  const verdict = metrics.some(({ worse }) => worse === true)
    ? "worse"
    : !enough
      ? "not-enough-labels"
      : metrics.every(({ worse }) => worse === null)
        ? "not-measured"
        : "holds";
  const counts = {
    predicted: labelled.labels.length + waiting.length,
    labelled: labelled.labels.length,
    waiting: waiting.length,
    orphans: facts.orphans,
  };
  return {
    ...counts,
    calibration: curve === uncalibrated ? "none" : "isotonic",
    referenceRows: known.labels.length,
    metrics,
    verdict,
    because: `${explain(verdict, counts, metrics)}${enough ? sayNoProbabilities(labelled, metrics) : ""}`.slice(
      0,
      4_000,
    ),
  };
}

function judgeMetric(
  metric: MetricDefinition,
  measured: Estimate | undefined,
  estimated: Estimate | undefined,
  { gates, atPromotion }: PerformanceFacts,
): MetricRecord {
  const before = atPromotion.get(metric.name);
  const change = measured === undefined || before === undefined ? undefined : subtractIndependent(measured, before);
  const gate = gates.find((one) => one.kind === "versus" && one.against === "production" && one.metric === metric.name);
  const allowed = gate?.kind === "versus" ? gate.mayWorsen : 0;
  const best = change === undefined ? NaN : metric.better === "higher" ? change.high : -change.low;
  return {
    name: metric.name,
    better: metric.better,
    unit: metric.unit ?? null,
    measured: asRecord(measured),
    estimated: asRecord(estimated),
    atPromotion: asRecord(before),
    change: asRecord(change),
    worse: Number.isFinite(best) ? best < -allowed : null,
  };
}

function explain(
  verdict: PerformanceRecord["verdict"],
  { predicted, labelled, waiting }: Pick<PerformanceRecord, "predicted" | "labelled" | "waiting">,
  metrics: readonly MetricRecord[],
): string {
  const known = `${formatCount(labelled)} of ${formatUnits(predicted, "answer")} ${predicted === 1 ? "has" : "have"} a label`;
  if (verdict === "not-enough-labels") {
    const first = metrics.find(({ estimated }) => estimated !== null);
    const guess = first?.estimated ?? null;
    const estimate = guess === null ? "" : `; "${first?.name}" is estimated at ${say(guess)}, which is no measurement`;
    return `${known}: at least ${leastLabels.rows}, ${leastLabels.ofClass} of each label among them, are needed to judge${estimate}`;
  }
  const shown = metrics.filter(({ worse }) => (verdict === "worse" ? worse === true : true)).slice(0, 3);
  const told = shown.map(({ name, measured, change }) => {
    const now = measured === null ? "not measured" : say(measured);
    return `"${name}" is ${now}${change === null ? "" : `, a change of ${sayChange(change)} since promotion`}`;
  });
  return [
    known,
    ...told,
    ...(waiting > 0 ? [`${formatCount(waiting)} ${waiting === 1 ? "waits" : "wait"} for theirs`] : []),
  ].join("; ");
}

/** Why a metric of probabilities has no value. */
function sayNoProbabilities({ scores }: LabelledScores, metrics: readonly MetricRecord[]): string {
  const outside = scores.filter((score) => score < 0 || score > 1).length;
  return outside > 0 && metrics.some(({ measured }) => measured === null)
    ? `; ${formatUnits(outside, "score")} ${outside === 1 ? "lies" : "lie"} outside 0 to 1 and ${outside === 1 ? "is no probability" : "are no probabilities"}`
    : "";
}

const say = ({ point, low, high }: EstimateRecord): string =>
  point === null ? "not measured" : `${point.toFixed(4)} (${(low ?? NaN).toFixed(4)} to ${(high ?? NaN).toFixed(4)})`;

function sayChange({ point, low, high }: EstimateRecord): string {
  const signed = (value: number | null): string => {
    const text = Math.abs(value ?? NaN).toFixed(4);
    return Number(text) === 0 ? text : `${(value ?? 0) < 0 ? "−" : "+"}${text}`;
  };
  return `${signed(point)} (${signed(low)} to ${signed(high)})`;
}

function asRecord(estimate: Estimate | undefined): EstimateRecord | null {
  if (estimate === undefined || ![estimate.point, estimate.low, estimate.high].every(Number.isFinite)) return null;
  return { point: estimate.point, low: estimate.low, high: estimate.high, n: estimate.n };
}
