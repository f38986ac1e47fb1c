/**
 * Scores to probabilities: piecewise linear between `scores` (ascending), constant beyond the ends. Both arrays have the
 * same length; a calibration of no knots leaves scores as they are.
 */
export type Calibration = { scores: Float64Array; probabilities: Float64Array };

/** Scores are probabilities already. */
export const uncalibrated: Calibration = { scores: new Float64Array(0), probabilities: new Float64Array(0) };

/** Rows below which a curve would be noise, and those of the rarer class. */
export const leastReference = { rows: 300, ofClass: 30 } as const;
const folds = 10;
const calibrationBins = 10;

/** The probability of the label 1 that belongs to a score. */
export function calibrate({ scores, probabilities }: Calibration, score: number): number {
  const last = scores.length - 1;
  if (last < 0) return score;
  if (Number.isNaN(score)) return NaN;
  if (score <= (scores[0] ?? NaN)) return probabilities[0] ?? NaN;
  if (score >= (scores[last] ?? NaN)) return probabilities[last] ?? NaN;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((scores[middle] ?? NaN) <= score) low = middle;
    else high = middle;
  }
  const [x0, x1] = [scores[low] ?? NaN, scores[high] ?? NaN];
  const [y0, y1] = [probabilities[low] ?? NaN, probabilities[high] ?? NaN];
  return y0 + ((y1 - y0) * (score - x0)) / (x1 - x0);
}

/**
 * Isotonic regression of labels (0 or 1) on scores by pooling adjacent violators (Ayer et al. 1955); rows of one score
 * are one point. The knots are the ends of each pool, as scikit-learn keeps them.
 */
export function fitIsotonic(scores: Float64Array, labels: Uint8Array): Calibration {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  const pools: { from: number; to: number; weight: number; sum: number }[] = [];
  for (const row of order) {
    const [score, label] = [scores[row] ?? NaN, labels[row] ?? 0];
    const last = pools.at(-1);
    if (last?.to === score && last.from === score) {
      last.weight++;
      last.sum += label;
    } else pools.push({ from: score, to: score, weight: 1, sum: label });
  }
  const merged: typeof pools = [];
  for (const pool of pools) {
    let next = pool;
    for (let before = merged.at(-1); before !== undefined; before = merged.at(-1)) {
      if (before.sum / before.weight < next.sum / next.weight) break;
      merged.pop();
      next = { from: before.from, to: next.to, weight: before.weight + next.weight, sum: before.sum + next.sum };
    }
    merged.push(next);
  }
  const knots = merged.flatMap(({ from, to, weight, sum }) =>
    from === to
      ? [[from, sum / weight] as const]
      : ([
          [from, sum / weight],
          [to, sum / weight],
        ] as const),
  );
  return {
    scores: Float64Array.from(knots, ([score]) => score),
    probabilities: Float64Array.from(knots, ([, probability]) => probability),
  };
}

/**
 * The calibration of a reference whose labels are known: isotonic where it lowers the expected calibration error over ten
 * folds that it was not fitted on, else none. NaN or too few rows: none. Folds are taken by row number.
 */
export function chooseCalibration(scores: Float64Array, labels: Uint8Array): Calibration {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const rarer = Math.min(positives, labels.length - positives);
  if (labels.length < leastReference.rows || rarer < leastReference.ofClass) return uncalibrated;
  const fitted = new Float64Array(scores.length);
  for (let fold = 0; fold < folds; fold++) {
    const isOutside = (row: number): boolean => row % folds !== fold;
    const curve = fitIsotonic(
      scores.filter((_, row) => isOutside(row)),
      labels.filter((_, row) => isOutside(row)),
    );
    for (let row = fold; row < scores.length; row += folds) fitted[row] = calibrate(curve, scores[row] ?? NaN);
  }
  const areProbabilities = scores.every((score) => score >= 0 && score <= 1);
  const before = areProbabilities ? calibrationError(scores, labels) : Infinity;
  return calibrationError(fitted, labels) < before ? fitIsotonic(scores, labels) : uncalibrated;
}

/** Expected calibration error: mean distance of predicted from observed share, over ten bins of equally many rows. */
export function calibrationError(probabilities: Float64Array, labels: Uint8Array): number {
  const order = Uint32Array.from(probabilities.keys()).sort(
    (a, b) => (probabilities[a] ?? 0) - (probabilities[b] ?? 0) || a - b,
  );
  let error = 0;
  for (let bin = 0; bin < calibrationBins; bin++) {
    const rows = order.subarray(
      Math.floor((bin * order.length) / calibrationBins),
      Math.floor(((bin + 1) * order.length) / calibrationBins),
    );
    let difference = 0;
    for (const row of rows) difference += (probabilities[row] ?? NaN) - (labels[row] ?? 0);
    error += Math.abs(difference);
  }
  return error / order.length;
}
