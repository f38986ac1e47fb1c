import type { ObjectStore } from "#core/object-store.ts";
import { placeOut } from "#core/pointer/pointer.ts";
import { fetchOut } from "#store/transfer/fetch-out.ts";
import { checkOut } from "#store/workspace/check-out.ts";
import { findPointers, openClone, type CloneOptions } from "./open-clone.ts";
import { print } from "./print.ts";
import { TransferProgress } from "./transfer-progress.ts";

export type PullOptions = CloneOptions & { force?: boolean; json?: boolean };

/** Brings the data of pointers to where it belongs. */
export async function runPull(names: readonly string[], options: PullOptions): Promise<void> {
  const clone = await openClone(options);
  const progress = new TransferProgress("fetching");
  try {
    const pointers = await findPointers(clone, names);
    let store: Promise<ObjectStore> | undefined;
    // What the cache has needs no store.
    const openStore = async (): Promise<ObjectStore> => await (store ??= clone.openStore());
    const done: { path: string; changed: boolean }[] = [];
    for (const { path, outs } of pointers) {
      for (const out of outs) {
        const files = await fetchOut({ cache: clone.cache, openStore }, out, path, { onBytes: progress.onBytes });
        const place = { root: clone.root, cache: clone.cache, force: options.force === true };
        done.push({ path: placeOut(path, out), changed: await checkOut(place, path, out, files) });
      }
    }
    progress.clear();
    const fetched = done.filter(({ changed }) => changed);
    const lines = fetched.map(({ path }) => `${path}: as its pointer says now`);
    print(options.json, { schema: "trainyard/data-pull/1", pulled: done }, [
      ...lines,
      done.length === 0
        ? "There is no pointer here: trainyard data add FILE makes one"
        : `${fetched.length} of ${done.length} changed`,
    ]);
  } finally {
    progress.clear();
    clone.close();
  }
}
