import type { DataDiff } from "#core/diff/data-diff.ts";
import { DataError } from "#data/data-error.ts";
import { diffData, type DiffJob } from "./diff-data.ts";
import { pairFiles } from "./versioned-files.ts";

/**
 * As diffData, for people who asked for something else: where rows cannot be compared it says which files changed, and a
 * note why no more. What a broken file means is for the expectations to judge.
 */
export async function diffVersions(job: DiffJob): Promise<DataDiff> {
  try {
    return await diffData(job);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const { added, removed, changed } = pairFiles(job.before, job.after);
    const files = { filesAdded: added, filesRemoved: removed, filesChanged: changed };
    return { ...files, rowsAdded: null, rowsRemoved: null, notes: [error.message.slice(0, 1_000)] };
  }
}
