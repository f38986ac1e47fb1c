import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Longest first, the same on every machine: started last, the demo alone would leave all cores but one idle. */
class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order = files.map((file) => ({ file, rank: rank(file.moduleId), size: statSync(file.moduleId).size }));
    return Promise.resolve(order.toSorted((a, b) => a.rank - b.rank || b.size - a.size).map(({ file }) => file));
  }
}

function rank(path: string): number {
  if (path.endsWith("/demo.test.ts")) return 0;
  // what is played in memory takes no time
  return /\/test\/(?:scenario|flow\/(?!rulings|same-end\/same))/.test(path) ? 1 : 2;
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/flow/story/keep-starts.ts"],
    // no test changes what others see, so modules are loaded once for all
    isolate: false,
    // what tests wait for are processes of their own: every core is kept busy
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // scenarios start real processes on machines that are busy with others
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
