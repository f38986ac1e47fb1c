import { readFile } from "node:fs/promises";
import { openWorkspace, type Workspace } from "#cli/check/open-workspace.ts";
import { checkMachine } from "#cli/check/check-machine.ts";
import { Progress } from "#cli/check/progress.ts";
import { whenInterrupted } from "#cli/check/when-interrupted.ts";
import { cloneContents } from "#cli/data/stored/clone-contents.ts";
import { ExitError } from "#cli/exit-error.ts";
import type { Model } from "#core/config/config.ts";
import type { DriftReport } from "#core/drift/drift-record.ts";
import { renderDriftReport } from "#core/message/drift/render-drift-report.ts";
import { plainLine } from "#core/message/escape.ts";
import { renderDrift } from "#core/message/terminal/render-drift.ts";
import { parseBlobSha, type BlobSha } from "#core/names.ts";
import type { Snapshot } from "#core/plan/identify.ts";
import { localStore } from "#disk/local-store.ts";
import { withTemporaryFolder } from "#disk/temporary-folder.ts";
import { readTreeSnapshot } from "#flow/observe/read-snapshot.ts";
import { runHere } from "#flow/plan/run-here.ts";
import { watchModel } from "#flow/watch/watch-model.ts";
import type { WatchOptions } from "./watch.ts";

/** Watches one model of a clone and prints what was found. Throws an ExitError: 1 drift, 2 no answer. */
export async function runWatch(name: string | undefined, options: WatchOptions): Promise<void> {
  if (options.json === true && options.markdown === true)
    throw new ExitError(2, "Cannot print --json and --markdown at once: say one");
  const workspace = await openWorkspace(options.repository, undefined);
  try {
    const snapshot = await readConfig(workspace);
    const model = findWatched(snapshot, name);
    const report = await watch(workspace, snapshot, model);
    if (report === undefined)
      throw new ExitError(
        2,
        `Cannot watch "${model.name}": nothing of it is in production by the tags of this clone; git fetch --tags`,
      );
    process.stdout.write(`${render(report, options)}\n`);
    if (report.verdict === "drift") throw new ExitError(1, "", { said: true });
    if (report.verdict !== "quiet") throw new ExitError(2, report.because, { said: options.json !== true });
  } finally {
    await workspace.close();
  }
}

async function watch(workspace: Workspace, snapshot: Snapshot, model: Model): Promise<DriftReport | undefined> {
  const progress = new Progress();
  const interrupted = whenInterrupted();
  const store = localStore(workspace.store);
  const lent = new Map<BlobSha, string>();
  const { repository, tags, head } = workspace;
  const readBlob = async (blob: BlobSha): Promise<Uint8Array> => {
    const file = lent.get(blob);
    return file === undefined ? await repository.blob(blob) : await readFile(file);
  };
  try {
    return await withTemporaryFolder("watch", async (folder) => {
      const contents = cloneContents(workspace.root, workspace.gitDir, (shown) => progress.step(`Fetching ${shown}`));
      const { signal } = interrupted;
      const here = checkMachine({ folder, store, head, readBlob, contents, progress, signal });
      progress.step(`Watching ${model.name}: ${model.monitor?.current.run ?? ""}`);
      const { report } = await watchModel(
        { repository, tags, bytes: store.bytes, evidence: store.evidence, now: () => new Date() },
        {
          machine: here.machine,
          lend: (files) => {
            for (const { blob, file } of files) lent.set(parseBlobSha(blob), file);
          },
          findPredictions: here.findFile,
          run: async (plan) => await runHere(plan, here),
        },
        snapshot,
        model,
      );
      if (signal.aborted) throw new ExitError(2, "Interrupted: nothing was found");
      return report;
    });
  } finally {
    progress.clear();
    interrupted.done();
  }
}

async function readConfig({ repository, merged, head }: Workspace): Promise<Snapshot> {
  const read = await readTreeSnapshot(repository, merged, head);
  if (read.kind === "snapshot") return read.snapshot;
  throw new ExitError(
    2,
    read.kind === "no-config"
      ? "Cannot watch: there is no config here; trainyard init writes one"
      : 'Cannot watch: the config has mistakes; "trainyard config" lists them',
  );
}

function findWatched({ config }: Snapshot, name: string | undefined): Model {
  const models = [...config.models.values()];
  const watched = models.filter(({ monitor }) => monitor !== undefined);
  const names = watched.map((model) => model.name).join(", ") || "none";
  const [model, ...more] = name === undefined ? watched : models.filter((one) => one.name === name);
  if (model === undefined || more.length > 0)
    throw new ExitError(
      2,
      name === undefined
        ? `Which model? The config has watched: ${names}`
        : `Cannot find the model "${name}": the config has watched: ${names}`,
    );
  if (model.monitor === undefined)
    throw new ExitError(2, `Cannot watch "${model.name}": write "monitor:" for it into the config`);
  return model;
}

function render(report: DriftReport, { json, markdown }: WatchOptions): string {
  if (json === true) return JSON.stringify(report, null, 2);
  if (markdown === true) return renderDriftReport(report);
  const compared = `${plainLine(report.model, 100)}: current data against what ${plainLine(report.version, 40)} was trained on`;
  return `${compared}\n\n${renderDrift(report)}`;
}
