import { join } from "node:path";
import { createMachine } from "#actions/machine.ts";
import { ExitError } from "#cli/exit-error.ts";
import type { Machine } from "#core/machine.ts";
import { parseSha256, type BlobSha, type CommitSha } from "#core/names.ts";
import type { Contents } from "#core/pointer/contents.ts";
import type { Task } from "#core/plan/plan-record.ts";
import { diskFreight } from "#disk/disk-freight.ts";
import type { LocalStore } from "#disk/local-store.ts";
import type { Here } from "#flow/plan/run-here.ts";
import { commandEnvironment } from "#runner/command-environment.ts";
import type { Progress } from "./progress.ts";

/** This machine for one check: works in a folder of its own, keeps models and predictions in the clone's store. */
export function checkMachine(options: {
  folder: string;
  store: LocalStore;
  head: CommitSha;
  readBlob: (blob: BlobSha) => Promise<Uint8Array>;
  progress: Progress;
  /** what pointers stand for */
  contents: Contents;
  signal: AbortSignal;
}): Here {
  const { folder, store, progress } = options;
  const freight = diskFreight(store.bytes, folder);
  const machineFor = (secrets: Readonly<Record<string, string>>): Machine =>
    createMachine({
      folder: join(folder, "machine"),
      readBlob: options.readBlob,
      contents: options.contents,
      fetchBytes: store.bytes.fetch,
      env: commandEnvironment(process.env),
      secrets,
      onLine: (line) => progress.line(line),
      runsOn: "this machine",
      signal: options.signal,
    });
  return {
    machine: {
      ...machineFor({}),
      perform: async (task, rows) => await machineFor(pickSecrets(task)).perform(task, rows),
    },
    findFile: async (record) => await freight.fetchFile(record),
    async keepModel(task, { artifact, modelFolder }) {
      if (artifact === undefined || modelFolder === undefined)
        throw new TypeError(`Nothing was trained by ${task.key}`);
      return await store.put(parseSha256(artifact.sha256), modelFolder);
    },
    keepPredictions: async (_, { sha256, file }) => await store.put(parseSha256(sha256), file),
    describeSource: () => ({ kind: "local", head: options.head }),
    onStep: (what) => progress.step(what),
  };
}

/** On a person's own machine, the secrets that the base's config names are variables of the environment. */
function pickSecrets({ model, train }: Task): Record<string, string> {
  const names = train?.secrets ?? [];
  const missing = names.find((name) => (process.env[name] ?? "") === "");
  if (missing !== undefined) {
    throw new ExitError(
      2,
      `Cannot train "${model}": its config names the secret "${missing}", and the environment has no variable of that name; set it`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""]));
}
