import { readFileSync, writeFileSync } from "node:fs";
import { readExamples } from "./examples.js";
import { writeModel } from "./onnx.js";
import { fitPopularity } from "./popularity.js";
import { historyWeeks, itemCount } from "./weeks.js";

const params = JSON.parse(readFileSync("params.json", "utf8"));
if (params.model !== "popularity")
  throw new Error(`params.json asks for the model "${params.model}", this script knows "popularity"`);

const examples = readExamples("data/weeks", params.blocks);
const popularity = fitPopularity(examples);
console.log(`popularity of ${popularity.length} items among ${examples.length} households and blocks of weeks`);

// Whatever a household bought before, it is shown what most people buy.
const weights = new Float32Array(historyWeeks.length * itemCount * itemCount);
writeFileSync("model.onnx", writeModel({ weights, bias: Float32Array.from(popularity) }));
