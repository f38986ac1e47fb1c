import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/flow/story/keep-starts.ts"],
    // no test changes what others see, so modules are loaded once for all
    isolate: false,
    // what tests wait for are processes of their own: every core is kept busy
    maxWorkers: Math.max(2, availableParallelism()),
    // scenarios start real processes on machines that are busy with others
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
