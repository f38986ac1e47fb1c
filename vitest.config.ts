import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/flow/story/keep-starts.ts"],
    // scenarios start real processes on machines that are busy with others
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
