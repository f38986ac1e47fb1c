import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

type Bundles = { findBundle(root: string, entry: string): { file: string } | undefined };
type Locks = { withLock<T>(folder: string, work: () => Promise<T>): Promise<T> };

/**
 * Bundles the actions of a checkout where that has not been done for these sources, as a release does: each job then
 * starts three times faster. Where it cannot be done (a read-only folder), the jobs run the sources.
 */
export async function ensureBundles(root: string): Promise<void> {
  const script = async <T>(name: string): Promise<T> => {
    // Plain scripts beside the source, shared with what runs before anything is installed.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own files
    return (await import(pathToFileURL(join(root, "scripts", name)).href)) as T;
  };
  if (!existsSync(join(root, "scripts", "build.mjs"))) return;
  const { findBundle } = await script<Bundles>("bundle.mjs");
  const { withLock } = await script<Locks>("lock-folder.mjs");
  const actions = readdirSync(join(root, "actions")).filter((name) =>
    existsSync(join(root, "actions", name, "main.ts")),
  );
  const isFresh = (): boolean => actions.every((name) => findBundle(root, `actions/${name}/main`) !== undefined);
  if (isFresh()) return;
  try {
    await withLock(join(root, "node_modules", ".trainyard-build"), async () => {
      if (!isFresh()) await run(process.execPath, [join(root, "scripts", "build.mjs"), "actions"], { cwd: root });
    });
  } catch {
    // The sources do as well.
  }
}
