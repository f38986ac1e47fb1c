import { basename } from "node:path";
import { parseEvaluateConfig, parseExpectations } from "#core/config/parse-crossing.ts";
import type { DataReport } from "#core/evidence.ts";
import { hideValues } from "#core/expect/hide-values.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import type { Machine, Side } from "#core/machine.ts";
import { parseBlobSha } from "#core/names.ts";
import { isPointerPath } from "#core/pointer/pointer.ts";
import { mergeProfiles } from "#core/profile/merge-profiles.ts";
import { decodeProfile, isProfilePath } from "#core/profile/profile-json.ts";
import type { TableProfile } from "#core/profile/table-profile.ts";
import type { DataSpec } from "#core/plan/plan-record.ts";
import { checkExpectations } from "#data/expect/check-expectations.ts";
import type { DataFile } from "#data/data-file.ts";
import { readOutcomes } from "#data/performance/read-outcomes.ts";
import type { DataDiff } from "#core/diff/data-diff.ts";
import { diffVersions } from "#data/diff/diff-versions.ts";
import { profileTables } from "#data/profile/profile-files.ts";
import { scoreEvaluation } from "#data/score.ts";
import { writeRows } from "#data/strip-label.ts";
import { runInFolder } from "#runner/run-in-folder.ts";
import { writeDataFiles } from "./contents/data-files.ts";
import { freshFolder, performTask, readBlobs, type TaskOptions } from "./perform-task.ts";

type Entry = { path: string; mode: string; blob: string };

/** This machine: DuckDB for data, a folder for commands. */
export function createMachine(options: TaskOptions): Machine {
  const fresh = async (name: string): Promise<string> => await freshFolder(options.folder, name);
  const asFiles = async (entries: readonly Entry[]): Promise<readonly DataFile[]> =>
    await writeDataFiles(options, await fresh("files"), entries);
  const diff = async (spec: DataSpec, training: readonly Entry[]): Promise<DataDiff> => {
    const after = await writeDataFiles(options, await fresh("files"), training);
    const present = Map.groupBy(after, ({ from }) => from);
    const gone = spec.before.filter(({ blob }) => !present.has(blob));
    const before = [
      // what both versions have lies here already; a plain file may have moved
      ...spec.before.flatMap(({ path, blob }) =>
        (present.get(blob) ?? []).map((file) => (file.blob === blob ? { ...file, shown: path } : file)),
      ),
      ...(await writeDataFiles(options, await fresh("files"), gone, { lenient: true })),
    ];
    return await diffVersions({
      before,
      after,
      key: spec.key,
      likelyKey: spec.id,
      label: spec.label,
      id: spec.id,
      holdout: spec.label === undefined ? [] : await asFiles(spec.holdout ?? []),
    });
  };
  return {
    async prepareRows(spec) {
      try {
        const holdoutFiles = await asFiles(spec.holdout);
        const { path } = await writeRows({
          evaluate: parseEvaluateConfig(spec.definitions),
          holdoutFiles,
          out: await fresh("rows"),
        });
        return { kind: "rows", file: path };
      } catch (error) {
        return { kind: "failed", because: error instanceof Error ? error.message : String(error) };
      }
    },
    perform: async (task, rows) => await performTask(options, task, rows),
    async score(exam, spec, sides) {
      const side = ({ subject, file }: Side): { subject: string; file: DataFile } => ({
        subject,
        file: { path: file, shown: basename(file) },
      });
      return await scoreEvaluation({
        evaluation: spec.evaluation,
        evaluate: parseEvaluateConfig(exam.definitions),
        holdout: await asFiles(exam.holdout),
        ignore: await asFiles(exam.ignore),
        dropped: spec.dropped,
        predictions: {
          candidate: side(sides.candidate),
          production: sides.production === undefined ? undefined : side(sides.production),
          baseline: sides.baseline === undefined ? undefined : side(sides.baseline),
        },
      });
    },
    async checkData(spec) {
      const expectations = parseExpectations(spec.expect);
      const held = new Set((spec.holdout ?? []).map(({ path }) => path));
      const training = spec.data.filter(({ path }) => !held.has(path));
      const isChanged = training.map(key).toSorted().join() !== spec.before.map(key).toSorted().join();
      const report: DataReport = {
        schema: "trainyard/data/1",
        model: spec.model,
        expectations:
          expectations.length === 0
            ? []
            : await checkExpectations(expectations, await asFiles(spec.data), {
                references: new Map((await asFiles(spec.references ?? [])).map((file) => [file.shown, file])),
              }),
        diff: spec.before.length + training.length === 0 ? null : isChanged ? await diff(spec, training) : unchanged,
      };
      const all = [...spec.data, ...spec.before, ...(spec.references ?? [])];
      const isElsewhere = all.some(({ path }) => isPointerPath(path));
      return spec.values === "hidden" || (spec.values === undefined && isElsewhere) ? hideValues(report) : report;
    },
    async runCommand(order) {
      return await runInFolder({
        ...order,
        read: (blobs) => readBlobs(options, blobs),
        contents: options.contents,
        folder: await fresh(order.phase),
        env: options.env,
        secrets: options.secrets ?? {},
        onLine: (line) => options.onLine?.(line),
        signal: options.signal,
      });
    },
    async readOutcomes({ predictions, labels, columns, reference }) {
      const { labelled, waiting, orphans } = await readOutcomes(
        await asFiles(predictions),
        await asFiles(labels),
        columns,
      );
      const known =
        reference === undefined
          ? undefined
          : await readOutcomes(
              [{ path: reference.file, shown: basename(reference.file) }],
              await asFiles(reference.holdout),
              columns,
            );
      return { labelled, waiting, orphans, reference: known?.labelled };
    },
    async profile({ reference, current, columns, names, without }) {
      const order = { names, without, ...(columns === undefined ? {} : { columns }) };
      const stored = reference.every(({ path }) => isProfilePath(path))
        ? await readProfiles(options, reference)
        : undefined;
      const tables = stored === undefined ? [await asFiles(reference)] : [];
      const profiles = [...(stored ?? []), ...(await profileTables([...tables, await asFiles(current)], order))];
      const [first, second] = profiles;
      if (first === undefined || second === undefined) throw new RangeError("Cannot profile: a table is missing");
      return { reference: first, current: second };
    },
  };
}

/** Stored profiles, merged into one. Throws where a file is none. */
async function readProfiles(options: TaskOptions, entries: readonly Entry[]): Promise<[TableProfile]> {
  const parts: TableProfile[] = [];
  for (const { path, blob } of entries) {
    // oxlint-disable-next-line no-await-in-loop -- one file in memory at a time
    const bytes = await options.readBlob(parseBlobSha(blob));
    try {
      parts.push(decodeProfile(JSON.parse(Buffer.from(bytes).toString("utf8"))));
    } catch (error) {
      const said = error instanceof Error ? error.message.replace(/^Cannot read the profile: /, "") : String(error);
      const why = error instanceof SyntaxError ? "it is no JSON" : said;
      throw new Error(`Cannot read "${path}" as a profile: ${why}; make one with "trainyard data profile"`, {
        cause: error,
      });
    }
  }
  return [mergeProfiles(parts)];
}

const unchanged: DataDiff = { filesAdded: 0, filesRemoved: 0, filesChanged: 0, rowsAdded: 0, rowsRemoved: 0 };

const key = (entry: Pick<TreeEntry, "path"> & { blob: string }): string => `${entry.path}\0${entry.blob}`;
