import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as core from "@actions/core";
import type { ChangedFile } from "#core/machine.ts";
import { parseBlobSha, parseCommitSha, type BlobSha } from "#core/names.ts";
import type { WatchRecord } from "#core/plan/plan-record.ts";
import { fetchObjects } from "#git/fetch-objects.ts";
import { runHere } from "#flow/plan/run-here.ts";
import { watchDefault } from "#flow/watch/watch-default.ts";
import { artifactNames, leaveArtifact } from "#actions/artifacts.ts";
import { fetchPredictions } from "#actions/evaluate/fetch-predictions.ts";
import { jobContents } from "#actions/contents/job-contents.ts";
import type { Job } from "#actions/job.ts";
import { jobMachine } from "#actions/job-machine.ts";

/** Watches these models on this machine, and leaves what was found for whoever reports it. */
export async function watchHere(job: Job, models: readonly string[]): Promise<WatchRecord> {
  const { head } = await job.ports.repository.defaultBranch();
  const git = await fetchObjects({
    folder: join(job.folder, "objects"),
    url: job.cloneUrl,
    commits: [head],
    token: job.token,
  });
  const lent = new Map<BlobSha, string>();
  const contents = jobContents(job, { base: head, head: undefined }, core.getInput("secrets"));
  const readBlob = async (blob: BlobSha): Promise<Uint8Array> => {
    const file = lent.get(blob);
    if (file !== undefined) return await readFile(file);
    return (await git.object(blob))?.bytes ?? (await job.ports.repository.blob(blob));
  };
  const machine = jobMachine(job, readBlob, { contents });
  const record = await watchDefault(
    job.ports,
    {
      machine,
      lend: (files: readonly ChangedFile[]) => {
        for (const { blob, file } of files) lent.set(parseBlobSha(blob), file);
      },
      readFile: async ({ file }) => await readFile(file),
      findPredictions: async (known) => await fetchPredictions(job, known),
      run: async (plan) =>
        await runHere(plan, {
          machine,
          findFile: async (known) => await fetchPredictions(job, known),
          keepModel: async () => await Promise.reject(new Error("A watch trains nothing")),
          keepPredictions: async (_, { file }) => await Promise.resolve({ kind: "local", path: file }),
          describeSource: () => ({ kind: "local", head: parseCommitSha(plan.head) }),
        }),
    },
    models,
  );
  git.close();
  await contents.close();
  const file = join(job.folder, "watch.json");
  await writeFile(file, JSON.stringify(record));
  await leaveArtifact(artifactNames.watch, job.folder, [file], { compress: true, days: 90 });
  for (const { model, verdict, because } of record.reports) core.notice(`${model}: ${verdict}, ${because}`);
  for (const { model, failure } of record.retrain) if (failure !== null) core.error(`${model}: ${failure}`);
  return record;
}
