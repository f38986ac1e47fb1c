import { basename } from "node:path";
import { parseEvaluateConfig, parseExpectations } from "#core/config/parse-crossing.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import type { Machine, Side } from "#core/machine.ts";
import { checkExpectations } from "#data/check-expectations.ts";
import type { DataFile } from "#data/data-file.ts";
import { diffRows } from "#data/diff-rows.ts";
import { profileColumns } from "#data/profile-columns.ts";
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
      const [before, after] = [new Set(spec.before.map(key)), new Set(spec.data.map(key))];
      const gone = spec.before.filter((entry) => !after.has(key(entry)));
      const come = spec.data.filter((entry) => !before.has(key(entry)));
      const files = await writeDataFiles(options, await fresh("files"), gone, { lenient: true });
      return {
        schema: "trainyard/data/1",
        model: spec.model,
        expectations: expectations.length === 0 ? [] : await checkExpectations(expectations, await asFiles(spec.data)),
        diff:
          spec.before.length + spec.data.length === 0
            ? null
            : await diffRows(files, await writeDataFiles(options, await fresh("files"), come)),
      };
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
    async profile({ reference, current, columns, without, categorical }) {
      const profiles = await profileColumns({
        reference: await asFiles(reference),
        current: await asFiles(current),
        columns,
        skip: without,
        categorical,
      });
      return { referenceRows: profiles.reference.rows, currentRows: profiles.current.rows, columns: profiles.columns };
    },
  };
}

const key = (entry: Pick<TreeEntry, "path"> & { blob: string }): string => `${entry.path}\0${entry.blob}`;
