import { hadRecently, itemCount } from "./weeks.js";

const features = 6;

/**
 * Which item goes with which: (households that had j and bought i) / √((had j + s)(bought i + s)), row by row, over all
 * examples; `s` keeps rare pairs small. An item says nothing about itself.
 */
export function countCoPurchases(examples, shrinkage) {
  const had = new Float64Array(itemCount);
  const bought = new Float64Array(itemCount);
  const both = new Float64Array(itemCount * itemCount);
  for (const { history, targets } of examples) {
    const items = Array.from(targets.keys()).filter((item) => targets[item] > 0);
    for (const item of items) bought[item] += 1;
    for (let item = 0; item < itemCount; item++) {
      if (!hadRecently(history, item)) continue;
      had[item] += 1;
      for (const other of items) both[item * itemCount + other] += 1;
    }
  }
  return both.map((count, index) => {
    const [j, i] = [Math.floor(index / itemCount), index % itemCount];
    return i === j ? 0 : count / Math.sqrt((had[j] + shrinkage) * (bought[i] + shrinkage));
  });
}

/** How well the 24 weeks of a household go with each item: Σ_j (first + second part of its history of j) · G[j, i]. */
function matchItems(history, coPurchases) {
  const match = new Float64Array(itemCount);
  for (let j = 0; j < itemCount; j++) {
    const value = history[j] + history[itemCount + j];
    if (value === 0) continue;
    for (let i = 0; i < itemCount; i++) match[i] += value * coPurchases[j * itemCount + i];
  }
  return match;
}

/**
 * A logistic regression on the three parts of the history, co-purchases and popularity, by Newton's method; folded into
 * one matrix product over the history. `log` gets the mean loss of each step.
 */
export function fitCoPurchase(examples, popularity, params, log) {
  const coPurchases = countCoPurchases(examples, params.shrinkage);
  const { rows, labels, weights } = sample(examples, coPurchases, popularity, params.negatives_kept);
  let beta = new Float64Array(features);
  for (let step = 0; step < params.newton_steps; step++) {
    const { next, loss } = newtonStep(beta, rows, labels, weights);
    log({ step, log_loss: loss });
    beta = next;
  }
  return fold(beta, coPurchases, popularity);
}

/** One row of features for each purchase, and for one in `kept` of the rest, which then counts `kept` times. */
function sample(examples, coPurchases, popularity, kept) {
  const rows = [];
  const labels = [];
  const weights = [];
  let state = 1;
  for (const { history, targets } of examples) {
    const match = matchItems(history, coPurchases);
    for (let item = 0; item < itemCount; item++) {
      const label = targets[item] > 0 ? 1 : 0;
      // the same rows in every training: a linear congruential generator (Numerical Recipes)
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      if (label === 0 && state >= 2 ** 32 / kept) continue;
      rows.push(
        1,
        history[item],
        history[itemCount + item],
        history[2 * itemCount + item],
        match[item],
        popularity[item],
      );
      labels.push(label);
      weights.push(label === 1 ? 1 : kept);
    }
  }
  return { rows: Float64Array.from(rows), labels, weights };
}

function newtonStep(beta, rows, labels, weights) {
  const gradient = new Float64Array(features);
  const hessian = Array.from({ length: features }, () => new Float64Array(features));
  let loss = 0;
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const from = row * features;
    let logit = 0;
    for (let a = 0; a < features; a++) logit += beta[a] * rows[from + a];
    const chance = 1 / (1 + Math.exp(-logit));
    const weight = weights[row];
    const curvature = weight * chance * (1 - chance);
    loss += weight * (Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - logit * labels[row]);
    total += weight;
    for (let a = 0; a < features; a++) {
      const value = rows[from + a];
      if (value === 0) continue;
      gradient[a] += weight * (labels[row] - chance) * value;
      for (let b = 0; b <= a; b++) hessian[a][b] += curvature * value * rows[from + b];
    }
  }
  for (let a = 0; a < features; a++) for (let b = a + 1; b < features; b++) hessian[a][b] = hessian[b][a];
  const change = solve(hessian, gradient);
  return { next: beta.map((value, a) => value + change[a]), loss: loss / total };
}

/** Gauss' elimination with the largest pivot first. */
function solve(matrix, right) {
  const size = right.length;
  const rows = matrix.map((row, index) => [...row, right[index]]);
  for (let column = 0; column < size; column++) {
    const best = rows
      .slice(column)
      .reduce(
        (most, row, index) => (Math.abs(row[column]) > Math.abs(rows[most][column]) ? column + index : most),
        column,
      );
    [rows[column], rows[best]] = [rows[best], rows[column]];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row][column] / rows[column][column];
      for (let at = column; at <= size; at++) rows[row][at] -= factor * rows[column][at];
    }
  }
  return rows.map((row, index) => row[size] / row[index]);
}

function fold(beta, coPurchases, popularity) {
  const [intercept, first, second, third, match, popular] = beta;
  const weights = new Float32Array(3 * itemCount * itemCount);
  for (const [part, own] of [first, second, third].entries()) {
    for (let j = 0; j < itemCount; j++) {
      for (let i = 0; i < itemCount; i++) {
        const pair = part < 2 ? match * coPurchases[j * itemCount + i] : 0;
        weights[(part * itemCount + j) * itemCount + i] = pair + (i === j ? own : 0);
      }
    }
  }
  return { weights, bias: Float32Array.from(popularity, (value) => intercept + popular * value) };
}
