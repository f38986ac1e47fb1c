import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { median, say, type Rated } from "../figure.ts";
import { generatePair } from "./generate.ts";
import { dataParts, type DataStep } from "./step.ts";

/** What one step took, the median of the rounds. `ratio`: to the CPU time of its yardstick in the same run. */
export type DataFigure = Rated & { part: string; yardstick: string; cpuS: number; rssMiB: number; shown: string };

export type DataBench = { rows: number; figures: readonly DataFigure[]; problems: readonly string[] };

type Took = { cpuS: number; rssMiB: number; shown: Readonly<Record<string, number | string>> };

const runFile = promisify(execFile);
const fewRows = 1_000;

/**
 * What the work on data takes: CPU seconds (user and system) and the most memory of whole processes, their start
 * included, on a generated pair of tables of 20 columns. Yardsticks are measured in the same run.
 */
export async function benchData(options: {
  rounds: number;
  large: boolean;
  parts?: readonly string[];
}): Promise<DataBench> {
  const rows = options.large ? 10_000_000 : 1_000_000;
  const rounds = options.large ? 1 : Math.min(options.rounds, 3);
  await generatePair(rows);
  const figures: DataFigure[] = [];
  const problems: string[] = [];
  for (const [part, load] of Object.entries(dataParts)) {
    if (options.parts?.includes(part) === false) continue;
    // oxlint-disable-next-line no-await-in-loop -- what runs beside another is slower
    const steps = await load();
    const taken = await measureSteps(part, steps, rows, rounds);
    for (const step of steps) {
      const figure = rate(part, step, taken, rounds);
      figures.push(figure);
      problems.push(...findProblems(step, figure));
    }
  }
  return { rows, figures, problems };
}

/**
 * Round by round, so that all steps meet the same hours of a busy machine. Each is first run on little, unmeasured: what
 * Node compiled is kept, as the command line keeps it.
 */
async function measureSteps(
  part: string,
  steps: readonly DataStep[],
  rows: number,
  rounds: number,
): Promise<ReadonlyMap<string, readonly Took[]>> {
  const taken = new Map<string, Took[]>(steps.map(({ name }) => [name, []]));
  for (const step of steps) if (step.prepare !== undefined) await runStep(part, step.name, rows, "prepare");
  for (const { name, prepare } of steps) {
    if (prepare !== undefined) await runStep(part, name, fewRows, "prepare");
    await runStep(part, name, fewRows);
  }
  for (let round = 0; round < rounds; round++) {
    for (const { name } of steps) {
      const took = await runStep(part, name, rows);
      say(`${part}, ${name}: ${took.cpuS.toFixed(2)} s CPU, ${took.rssMiB.toFixed(0)} MiB`);
      taken.get(name)?.push(took);
    }
  }
  return taken;
}

async function runStep(part: string, name: string, rows: number, ...more: readonly string[]): Promise<Took> {
  const file = join(import.meta.dirname, "run-step.ts");
  const options = ["--disable-warning=ExperimentalWarning", file, part, name, String(rows), ...more];
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "trainyard-bench-compiled") };
  const { stdout } = await runFile(process.execPath, options, { env, maxBuffer: 64 * 1024 * 1024 });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own process wrote it
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Took;
}

function rate(part: string, step: DataStep, taken: ReadonlyMap<string, readonly Took[]>, rounds: number): DataFigure {
  const cpu = (name: string): number => median((taken.get(name) ?? []).map(({ cpuS }) => cpuS));
  const yardstick = step.yardstick ?? step.name;
  const last = taken.get(step.name)?.at(-1);
  return {
    part,
    name: step.name,
    yardstick,
    rounds,
    milliseconds: cpu(step.name) * 1_000,
    cpuS: cpu(step.name),
    ratio: cpu(step.name) / cpu(yardstick),
    rssMiB: Math.max(...(taken.get(step.name) ?? []).map(({ rssMiB }) => rssMiB)),
    shown: Object.entries(last?.shown ?? {})
      .map(([what, value]) => `${what} ${value}`)
      .join(", "),
  };
}

function findProblems({ name, most }: DataStep, { ratio, yardstick, rssMiB }: DataFigure): string[] {
  const problems: string[] = [];
  if (most?.ratio !== undefined && ratio > most.ratio)
    problems.push(`"${name}" takes ${ratio.toFixed(2)} × the CPU of "${yardstick}": ${most.ratio} × are allowed`);
  if (most?.mib !== undefined && rssMiB > most.mib)
    problems.push(`"${name}" takes ${rssMiB.toFixed(0)} MiB: ${most.mib} are allowed`);
  return problems;
}
