// How long it takes: `loop` on a sandbox from the event to what people see, `planning` where a repository is large,
// `data` on tables of a million rows (only when named; with --large, ten million). Told in milliseconds, `data` in CPU
// seconds, and as a ratio to a yardstick of the same run, which travels from machine to machine.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { markdownTable } from "markdown-table";
import { compareBaseline, writeBaseline } from "./bench/compare-baseline.ts";
import { benchData } from "./bench/data/data.ts";
import { benchLoop } from "./bench/loop.ts";
import { benchPlanning } from "./bench/planning.ts";

const parts = { planning: benchPlanning, loop: benchLoop, data: benchData };
const usage = `npm run bench -- [loop|planning|data] [OPTIONS]
  --rounds 5            how often each is measured, 7 at most; the median counts
  --large               data: ten million rows on each side instead of one
  --only profile,drift  data: these parts alone (diff, expectations, profile, drift)
  --json FILE           also writes the figures there
  --demo FILE           loop: takes the figures of npm run demo -- --json FILE in
  --write-baseline      keeps the figures, for the next run to be compared with
`;
const { values, positionals } = parseOptions({
  allowPositionals: true,
  options: {
    help: { type: "boolean", short: "h" },
    json: { type: "string" },
    demo: { type: "string" },
    rounds: { type: "string", default: "5" },
    large: { type: "boolean", default: false },
    only: { type: "string" },
    "write-baseline": { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const unknown = positionals.find((name) => parts[name] === undefined);
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
if (unknown !== undefined || positionals.length > 1 || !Number.isSafeInteger(rounds) || rounds < 1 || rounds > 7)
  fail();

const measured = {};
const problems = [];
for (const name of positionals.length === 0 ? ["planning", "loop"] : positionals) {
  const result = await parts[name]({ rounds, demo: values.demo, large: values.large, parts: values.only?.split(",") });
  measured[name] = result;
  problems.push(...result.problems, ...(await compareBaseline(name, result.figures)));
  if (values["write-baseline"]) await writeBaseline(name, result.figures);
  if (name === "data") printData(result);
  else print(name, result);
}
if (values.json !== undefined)
  await writeFile(values.json, `${JSON.stringify({ schema: "trainyard/bench/1", ...measured, problems }, null, 1)}\n`);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function parseOptions(options) {
  try {
    return parseArgs(options);
  } catch (error) {
    return fail(error.message.split(". ")[0]);
  }
}

function fail(why) {
  process.stderr.write(why === undefined ? usage : `${why}\n${usage}`);
  process.exit(2);
}

function print(name, { yardstickMs, figures, memory }) {
  const rows = figures.map(({ name: what, milliseconds, ratio, requests, writes }) => [
    what,
    milliseconds.toFixed(0),
    ratio.toFixed(1),
    requests ?? "",
    writes ?? "",
  ]);
  const align = ["l", "r", "r", "r", "r"];
  const table = markdownTable([[name, "ms", "ratio", "requests", "writes"], ...rows], { align });
  process.stdout.write(`${table}\nThe yardstick takes ${yardstickMs.toFixed(1)} ms.\n`);
  if (memory === undefined) return;
  const { rssMiB, heapMiB } = memory;
  process.stdout.write(
    `The app's process takes ${rssMiB.start.toFixed(0)} MiB at its start, ${rssMiB.after200Events.toFixed(0)} MiB after 200 events and ` +
      `${rssMiB.afterIdentical.toFixed(0)} MiB after 2,000 identical webhooks, over which its heap went from ${heapMiB.before.toFixed(1)} to ${heapMiB.after.toFixed(1)} MiB.\n`,
  );
}

function printData({ rows, figures }) {
  const lines = figures.map(({ part, name, yardstick, cpuS, ratio, rssMiB, shown }) => [
    part,
    name,
    cpuS.toFixed(2),
    name === yardstick ? "1 (yardstick)" : `${ratio.toFixed(2)} × "${yardstick}"`,
    rssMiB.toFixed(0),
    shown,
  ]);
  const head = [
    "part",
    `${rows.toLocaleString("en")} + ${rows.toLocaleString("en")} rows × 20`,
    "CPU s",
    "ratio",
    "MiB",
    "",
  ];
  process.stdout.write(`${markdownTable([head, ...lines], { align: ["l", "l", "r", "l", "r", "l"] })}\n`);
}
