import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatSize, formatUnits } from "#core/message/format.ts";
import { renderDiff } from "#core/message/terminal/render-diff.ts";
import { diffData } from "#data/diff/diff-data.ts";
import { findFiles } from "#cli/data/find-files.ts";
import { findVersion } from "./find-version.ts";
import { nameVersions } from "./name-versions.ts";

export type DiffOptions = { key?: string[]; label?: string; holdout?: readonly string[]; id?: string; json?: boolean };

const timeoutMs = 30 * 60_000;

/** Prints what two versions of a data set differ in. */
export async function runDiff(before: string, after: string, options: DiffOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-diff-"));
  try {
    const found = {
      before: await findVersion(before, "BEFORE", join(folder, "before")),
      after: await findVersion(after, "AFTER", join(folder, "after")),
    };
    const versions = await nameVersions(found.before, found.after);
    const paths = [...versions.before, ...versions.after].map(({ path }) => path);
    const timer = setTimeout(() => void sayProgress(paths), 1_000);
    try {
      const diff = await diffData({
        ...versions,
        key: options.key ?? [],
        label: options.label,
        holdout: options.holdout === undefined ? [] : await findFiles(options.holdout, "--holdout"),
        id: options.id,
        timeoutMs,
      });
      const names = {
        before: versions.before.map(({ shown }) => shown),
        after: versions.after.map(({ shown }) => shown),
      };
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ schema: "trainyard/data-diff/1", versions: names, ...diff }, null, 2)}\n`
          : `${renderDiff(diff)}\n`,
      );
    } finally {
      clearTimeout(timer);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sayProgress(paths: readonly string[]): Promise<void> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  process.stderr.write(`Comparing ${formatUnits(paths.length, "file")}, ${formatSize(bytes)} …\n`);
}
