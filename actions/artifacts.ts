import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Job } from "./job.ts";

export const artifactNames = {
  plan: "trainyard-plan",
  rows: "trainyard-rows",
  run: (task: string) => `trainyard-run-${task}`,
  answers: (task: string) => `trainyard-answers-${task}`,
  report: "trainyard-report",
  watch: "trainyard-watch",
} as const;

/** Leaves files behind for other jobs. `root` is cut off their paths. `overwrite`: whatever has the name now goes. */
export async function leaveArtifact(
  name: string,
  root: string,
  files: readonly string[],
  options: { days?: number; compress: boolean; overwrite?: boolean },
): Promise<void> {
  // Loading the client takes half a second: only steps that leave something pay for it.
  const { ArtifactNotFoundError, DefaultArtifactClient } = await import("@actions/artifact");
  const client = new DefaultArtifactClient();
  if (options.overwrite === true) {
    await client.deleteArtifact(name).catch((error: unknown) => {
      if (!(error instanceof ArtifactNotFoundError)) throw error;
    });
  }
  await client.uploadArtifact(name, [...files], root, {
    retentionDays: options.days ?? 14,
    compressionLevel: options.compress ? 6 : 0,
  });
}

/** Fetches an artifact of this run into a new folder beneath the job's; undefined where there is none. */
export async function takeArtifact(job: Job, name: string): Promise<string | undefined> {
  const folder = join(job.folder, name);
  mkdirSync(folder, { recursive: true });
  const files = await job.ports.bytes.fetch({ kind: "workflow-artifact", run: job.run, name, path: "" }, folder);
  return files === undefined ? undefined : folder;
}
