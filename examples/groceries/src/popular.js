import { writeFileSync } from "node:fs";
import { writeRanking } from "./ranking.js";
import { historyWeeks, itemCount, listWeeks, readHistories, readTable } from "./weeks.js";

// The baseline: what most households bought in the last four weeks, with no trained model.
const { ROWS, PREDICTIONS } = process.env;
const files = listWeeks("data/weeks");
const next = (files.at(-1)?.week ?? 0) + 1;
const tables = new Map(files.filter(({ week }) => week >= next - 24).map(({ week, file }) => [week, readTable(file)]));
const histories = readHistories(tables, next);
const unknown = new Float32Array(historyWeeks.length * itemCount);

const buyers = new Float64Array(itemCount);
for (const history of histories.values())
  for (let item = 0; item < itemCount; item++) buyers[item] += history[item] > 0 ? 1 : 0;

const households = [...new Set(readTable(ROWS).household)];
writeFileSync(
  PREDICTIONS,
  writeRanking(
    households.map((household) => ({ household, history: histories.get(household) ?? unknown, scores: buyers })),
  ),
);
