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

/** Before all tests: a folder where beginnings of stories are kept; each is played once and copied from then on. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-starts-"));
  project.provide("starts", folder);
  return async () => await rm(folder, { recursive: true, force: true });
}
