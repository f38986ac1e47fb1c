import { benchDemo } from "./demo-steps.ts";
import { median, type Rated } from "./figure.ts";
import { benchApp, benchMerges, benchWords, playStart } from "./loop-steps.ts";
import { benchMemory, type Memory } from "./memory.ts";
import { openBench, timeRoundTrip, type Bench } from "./open-bench.ts";

export type Loop = { yardstickMs: number; figures: readonly Rated[]; memory: Memory; problems: readonly string[] };

/** How long the loop takes on a sandbox, from the event to what people see. The yardstick is one request to its API. */
export async function benchLoop(options: { rounds: number; demo: string | undefined }): Promise<Loop> {
  const { rounds } = options;
  const roundTrips: number[] = [];
  const problems: string[] = [];
  const open = async <T>(measure: (bench: Bench) => Promise<T>): Promise<T> => {
    const bench = await openBench();
    try {
      const measured = await measure(bench);
      roundTrips.push(...(await timeRoundTrip(bench)));
      problems.push(...bench.sandbox.forge.failures);
      return measured;
    } finally {
      await bench.close();
    }
  };
  // each has a service of its own: a job's token has a thousand requests an hour
  const words = await open(async (bench) => {
    await playStart(bench);
    return await benchWords(bench, rounds);
  });
  const { figures, memory } = await open(async (bench) => {
    const { rssBytes } = await bench.app.memory();
    await playStart(bench);
    const merges = await benchMerges(bench, rounds);
    const alone = await benchApp(bench, rounds);
    return { figures: [...merges, ...alone], memory: await benchMemory(bench, rssBytes) };
  });
  const yardstickMs = median(roundTrips);
  const all = [...words, ...figures, ...(await benchDemo(options.demo))];
  const rated = all.map((figure) => ({ ...figure, ratio: figure.milliseconds / yardstickMs }));
  return { yardstickMs, figures: rated, memory, problems: [...problems, ...memory.problems] };
}
