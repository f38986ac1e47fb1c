import { hadRecently, itemCount } from "./weeks.js";

const shown = 40;

/** The best items of each household that it did not buy in the last 12 weeks, as CSV: household, item, score. */
export function writeRanking(rankings) {
  const lines = ["household,item,score"];
  for (const { household, history, scores } of rankings) {
    const items = Array.from({ length: itemCount }, (_, item) => item).filter((item) => !hadRecently(history, item));
    items.sort((a, b) => scores[b] - scores[a] || a - b);
    for (const item of items.slice(0, shown)) lines.push(`${household},${item},${scores[item]}`);
  }
  return `${lines.join("\n")}\n`;
}
