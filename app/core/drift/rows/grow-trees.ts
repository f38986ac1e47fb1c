import type { Feature } from "./bin-rows.ts";

/** Gradient boosting of a log loss with small trees over coded columns: enough to see where two tables part. */
const [rounds, depth, rate, leastHessian, shrinkage] = [30, 3, 0.3, 5, 1];

export type Trees = {
  /** log odds of the second side, of a row */
  score(row: number): number;
  /** what each column's splits gained */
  gains: ReadonlyMap<string, number>;
};

type Node = { value: number } | { feature: Feature; goesLeft: Uint8Array; left: Node; right: Node };

/** Learns to tell rows with label 1 from those with 0. `rows`: the rows to learn from. */
export function growTrees(features: readonly Feature[], labels: Uint8Array, rows: Uint32Array): Trees {
  const scores = new Float64Array(labels.length);
  const gains = new Map<string, number>();
  const trees: Node[] = [];
  const [gradients, hessians] = [new Float64Array(labels.length), new Float64Array(labels.length)];
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      const p = 1 / (1 + Math.exp(-(scores[row] ?? 0)));
      gradients[row] = p - (labels[row] ?? 0);
      hessians[row] = p * (1 - p);
    }
    const tree = grow({ features, gradients, hessians, gains }, rows, depth);
    for (const row of rows) scores[row] = (scores[row] ?? 0) + evaluate(tree, row);
    trees.push(tree);
  }
  return { score: (row) => trees.reduce((sum, tree) => sum + evaluate(tree, row), 0), gains };
}

type Learner = {
  features: readonly Feature[];
  gradients: Float64Array;
  hessians: Float64Array;
  gains: Map<string, number>;
};

function evaluate(tree: Node, row: number): number {
  let node = tree;
  while ("feature" in node) node = node.goesLeft[node.feature.codes[row] ?? 0] === 1 ? node.left : node.right;
  return node.value;
}

function grow(learner: Learner, rows: Uint32Array, levels: number): Node {
  let [g, h] = [0, 0];
  for (const row of rows) {
    g += learner.gradients[row] ?? 0;
    h += learner.hessians[row] ?? 0;
  }
  const leaf = { value: (-rate * g) / (h + shrinkage) };
  if (levels === 0) return leaf;
  let best: Split | undefined;
  for (const feature of learner.features) {
    const split = findSplit(learner, feature, rows, g, h);
    if (split !== undefined && split.gain > (best?.gain ?? 1e-6)) best = split;
  }
  if (best === undefined) return leaf;
  const { feature, goesLeft, gain } = best;
  learner.gains.set(feature.column, (learner.gains.get(feature.column) ?? 0) + gain);
  const isLeft = (row: number): boolean => goesLeft[feature.codes[row] ?? 0] === 1;
  return {
    feature,
    goesLeft,
    left: grow(learner, rows.filter(isLeft), levels - 1),
    right: grow(
      learner,
      rows.filter((row) => !isLeft(row)),
      levels - 1,
    ),
  };
}

type Split = { feature: Feature; goesLeft: Uint8Array; gain: number };

function findSplit(
  { gradients, hessians }: Learner,
  feature: Feature,
  rows: Uint32Array,
  g: number,
  h: number,
): Split | undefined {
  const [sums, weights] = [new Float64Array(feature.bins), new Float64Array(feature.bins)];
  for (const row of rows) {
    const code = feature.codes[row] ?? 0;
    sums[code] = (sums[code] ?? 0) + (gradients[row] ?? 0);
    weights[code] = (weights[code] ?? 0) + (hessians[row] ?? 0);
  }
  const order = Array.from({ length: feature.bins }, (_, code) => code);
  // categories in the order of what they say: the best division in two is one of its cuts
  const lean = (code: number): number => (sums[code] ?? 0) / ((weights[code] ?? 0) + shrinkage);
  if (!feature.isOrdered) order.sort((a, b) => lean(a) - lean(b));
  let [left, weight, best, cut] = [0, 0, 0, -1];
  for (const [at, code] of order.entries()) {
    left += sums[code] ?? 0;
    weight += weights[code] ?? 0;
    if (weight < leastHessian || h - weight < leastHessian) continue;
    const gain =
      left ** 2 / (weight + shrinkage) + (g - left) ** 2 / (h - weight + shrinkage) - g ** 2 / (h + shrinkage);
    if (gain > best) [best, cut] = [gain, at];
  }
  if (cut < 0) return undefined;
  const goesLeft = new Uint8Array(feature.bins);
  for (const code of order.slice(0, cut + 1)) goesLeft[code] = 1;
  return { feature, goesLeft, gain: best };
}
