import { readFileSync, writeFileSync } from "node:fs";
import { readModel } from "./onnx.js";
import { writeRanking } from "./ranking.js";
import { historyWeeks, itemCount, listWeeks, readHistories, readTable } from "./weeks.js";

// MODEL is what train.js wrote, ROWS the households to answer for, PREDICTIONS where the answers go.
const { MODEL, ROWS, PREDICTIONS } = process.env;
const { weights, bias } = readModel(readFileSync(MODEL));

const files = listWeeks("data/weeks");
const next = (files.at(-1)?.week ?? 0) + 1;
const tables = new Map(files.filter(({ week }) => week >= next - 24).map(({ week, file }) => [week, readTable(file)]));
const histories = readHistories(tables, next);
const unknown = new Float32Array(historyWeeks.length * itemCount);

/** history · weights + bias, the model's one matrix product; most of a history is zero. */
function score(history) {
  const scores = Float64Array.from(bias);
  for (let feature = 0; feature < history.length; feature++) {
    const value = history[feature];
    if (value === 0) continue;
    const row = feature * itemCount;
    for (let item = 0; item < itemCount; item++) scores[item] += value * weights[row + item];
  }
  return scores;
}

const households = [...new Set(readTable(ROWS).household)];
const rankings = households.map((household) => {
  const history = histories.get(household) ?? unknown;
  return { household, history, scores: score(history) };
});
writeFileSync(PREDICTIONS, writeRanking(rankings));
