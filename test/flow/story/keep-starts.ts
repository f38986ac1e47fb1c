import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** a folder for the beginnings that stories share, gone when all tests are done */
    starts: string;
  }
}

/**
 * Before all tests: a folder where beginnings of stories are kept; each is played once and copied from then on. And one
 * where processes of ours keep what they have compiled: a start takes a third of the time from the second on.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-starts-"));
  project.provide("starts", folder);
  process.env["NODE_COMPILE_CACHE"] ??= join(folder, "compiled");
  // a process that is on its way out still writes what it has compiled
  return async () => await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
