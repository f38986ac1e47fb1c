// one step in a process of its own: node run-step.ts PART STEP ROWS [prepare]; the last line of stdout is what it took
import { generatePair } from "./generate.ts";
import { findStep } from "./step.ts";

const [part = "", name = "", rows = "", only] = process.argv.slice(2);
const [step, pair] = [await findStep(part, name), await generatePair(Number(rows))];
const shown = only === "prepare" ? await step.prepare?.(pair) : await step.run(pair);
const { user, system } = process.cpuUsage();
const rssMiB = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(`\n${JSON.stringify({ cpuS: (user + system) / 1e6, rssMiB, shown: shown ?? {} })}\n`);
