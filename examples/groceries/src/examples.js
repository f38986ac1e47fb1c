import { itemCount, listWeeks, readHistories, readTable, sumBaskets } from "./weeks.js";

const blockWeeks = 4;
const historyLength = 24;

/**
 * What a model learns from: for each of the last `blocks` blocks of four weeks, every household with purchases in it and
 * in the twelve weeks before it: `{ block, history, targets }`, targets being baskets by item.
 */
export function readExamples(folder, blocks) {
  const files = listWeeks(folder);
  const last = files.at(-1)?.week ?? 0;
  const first = last - blocks * blockWeeks - historyLength;
  const tables = new Map(files.filter(({ week }) => week > first).map(({ week, file }) => [week, readTable(file)]));
  return Array.from({ length: blocks }, (_, block) => last + 1 - (blocks - block) * blockWeeks).flatMap((week) => {
    const histories = readHistories(tables, week);
    const bought = sumBaskets(
      Array.from({ length: blockWeeks }, (_, index) => tables.get(week + index)).filter((table) => table !== undefined),
    );
    return [...bought]
      .map(([household, targets]) => ({ block: week, history: histories.get(household), targets }))
      .filter(({ history }) => history?.subarray(0, 2 * itemCount).some((value) => value > 0));
  });
}
