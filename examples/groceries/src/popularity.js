import { itemCount } from "./weeks.js";

/** Log of the share of households that bought each item, over (history, targets) examples; never 0 or 1. */
export function fitPopularity(examples) {
  const bought = new Float64Array(itemCount);
  for (const { targets } of examples)
    for (let item = 0; item < itemCount; item++) bought[item] += targets[item] > 0 ? 1 : 0;
  return bought.map((count) => Math.log((count + 1) / (examples.length + 2)));
}
