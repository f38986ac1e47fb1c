import { readFileSync, writeFileSync } from "node:fs";
import { fitCoPurchase } from "./co-purchase.js";
import { readExamples } from "./examples.js";
import { writeModel } from "./onnx.js";
import { fitPopularity } from "./popularity.js";
import { historyWeeks, itemCount } from "./weeks.js";

const params = JSON.parse(readFileSync("params.json", "utf8"));
const examples = readExamples("data/weeks", params.blocks);
const popularity = fitPopularity(examples);
console.log(`${params.model}: ${examples.length} households and blocks of weeks`);

const metrics = [];
let model;
if (params.model === "popularity") {
  const weights = new Float32Array(historyWeeks.length * itemCount * itemCount);
  model = { weights, bias: Float32Array.from(popularity) };
} else if (params.model === "co-purchase") {
  model = fitCoPurchase(examples, popularity, params, (point) => metrics.push(JSON.stringify(point)));
} else {
  throw new Error(`params.json asks for the model "${params.model}", this script knows "popularity" and "co-purchase"`);
}
if (metrics.length > 0) writeFileSync("metrics.jsonl", `${metrics.join("\n")}\n`);
writeFileSync("model.onnx", writeModel(model));
