import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const itemCount = 300;
const newline = 10;

/** The weekly files below a folder, oldest first: `{ week, file }` of every `week-<number>.csv`. */
export function listWeeks(folder) {
  return readdirSync(folder)
    .map((name) => ({ week: Number(/^week-(\d+)\.csv$/.exec(name)?.[1]), file: join(folder, name) }))
    .filter(({ week }) => Number.isInteger(week))
    .sort((a, b) => a.week - b.week);
}

/** A table of whole numbers, by column; the header gives their order. */
export function readTable(file) {
  const bytes = readFileSync(file);
  const headerEnd = bytes.indexOf(newline) === -1 ? bytes.length : bytes.indexOf(newline);
  const names = bytes.toString("utf8", 0, headerEnd).trim().split(",");
  const numbers = [];
  let number = -1;
  for (let at = headerEnd + 1; at < bytes.length; at++) {
    const digit = bytes[at] - 48;
    if (digit >= 0 && digit <= 9) number = (number === -1 ? 0 : number) * 10 + digit;
    else if (number !== -1) {
      numbers.push(number);
      number = -1;
    }
  }
  if (number !== -1) numbers.push(number);
  return Object.fromEntries(
    names.map((name, column) => [name, numbers.filter((_, index) => index % names.length === column)]),
  );
}

/** Baskets by household and item, in a map from household to an array over the items, summed over some weeks. */
export function sumBaskets(tables) {
  const households = new Map();
  for (const { household, item, baskets } of tables) {
    for (let row = 0; row < household.length; row++) {
      let counts = households.get(household[row]);
      if (counts === undefined) households.set(household[row], (counts = new Uint16Array(itemCount)));
      counts[item[row]] += baskets[row];
    }
  }
  return households;
}

/** How many weeks each of the three parts of a history has, newest first. */
export const historyWeeks = [4, 8, 12];

/**
 * What each household bought before a week: log(1 + baskets) of every item in the 4 weeks before it, the 8 before those
 * and the 12 before those, one after the other: the input of the model. `tables` is a map from week to table.
 */
export function readHistories(tables, week) {
  const histories = new Map();
  let end = week;
  for (const [part, length] of historyWeeks.entries()) {
    const weeks = Array.from({ length }, (_, index) => tables.get(end - 1 - index)).filter(
      (table) => table !== undefined,
    );
    end -= length;
    for (const [household, counts] of sumBaskets(weeks)) {
      let history = histories.get(household);
      if (history === undefined)
        histories.set(household, (history = new Float32Array(historyWeeks.length * itemCount)));
      for (let item = 0; item < itemCount; item++)
        if (counts[item] > 0) history[part * itemCount + item] = Math.log1p(counts[item]);
    }
  }
  return histories;
}

/** Did the household buy the item in the 12 weeks before? Such items are not recommended. */
export function hadRecently(history, item) {
  return history[item] > 0 || history[itemCount + item] > 0;
}
