import { benchDemo } from "./demo-steps.ts";
import { median, say, type Rated } from "./figure.ts";
import { benchApp, benchWithJobs, playStart } from "./loop-steps.ts";
import { benchMemory, type Memory } from "./memory.ts";
import { openBench, timeRoundTrip } from "./open-bench.ts";

export type Loop = { yardstickMs: number; figures: readonly Rated[]; memory: Memory; problems: readonly string[] };

/** How long the loop takes on a sandbox, from the event to what people see. The yardstick is one request to its API. */
export async function benchLoop(options: { rounds: number; demo: string | undefined }): Promise<Loop> {
  const bench = await openBench();
  try {
    const { rssBytes } = await bench.app.memory();
    say("putting a first model into production");
    await playStart(bench);
    const before = await timeRoundTrip(bench);
    const figures = [...(await benchWithJobs(bench, options.rounds)), ...(await benchApp(bench, options.rounds))];
    const memory = await benchMemory(bench, rssBytes);
    const yardstickMs = median([...before, ...(await timeRoundTrip(bench))]);
    const played = await benchDemo(options.demo);
    const rated = [...figures, ...played].map((figure) => ({ ...figure, ratio: figure.milliseconds / yardstickMs }));
    const problems = [...memory.problems, ...bench.sandbox.forge.failures];
    return { yardstickMs, figures: rated, memory, problems };
  } finally {
    await bench.close();
  }
}
