import { placeOut, type Out } from "#core/pointer/pointer.ts";
import { findLacking } from "#store/transfer/push-out.ts";
import { digestOut, isOut } from "#store/workspace/read-workspace.ts";
import { findPointers, openClone, type CloneOptions, type DataClone } from "./open-clone.ts";
import { print } from "./print.ts";
import { TransferProgress } from "./transfer-progress.ts";

export type StatusOptions = CloneOptions & { cloud?: boolean; json?: boolean };

type State = "same" | "changed" | "missing";

const says: Readonly<Record<State, string>> = {
  same: "as its pointer says",
  changed: "changed: keep it with trainyard data add, or go back with trainyard data pull --force",
  missing: "not here: bring it with trainyard data pull",
};

/** Compares the clone with its pointers, and the store too where that is asked. Exit code 1 where anything differs. */
export async function runStatus(names: readonly string[], options: StatusOptions): Promise<void> {
  const clone = await openClone(options);
  const progress = new TransferProgress("reading");
  try {
    const pointers = await findPointers(clone, names);
    const store = options.cloud === true ? await clone.openStore() : undefined;
    const outs: { path: string; pointer: string; state: State; lacking: number | null }[] = [];
    for (const { path: pointer, outs: all } of pointers)
      for (const out of all)
        outs.push({
          path: placeOut(pointer, out),
          pointer,
          state: await findState(clone, pointer, out, progress),
          lacking: store === undefined ? null : await findLacking({ cache: clone.cache, store }, out, pointer),
        });
    progress.clear();
    const clean = outs.every(({ state, lacking }) => state === "same" && (lacking ?? 0) === 0);
    const lines = outs.flatMap(({ path, state, lacking }) => [
      ...(state === "same" ? [] : [`${path}: ${says[state]}`]),
      ...((lacking ?? 0) === 0
        ? []
        : [`${path}: ${store?.name ?? "the store"} lacks it: trainyard data push sends it`]),
    ]);
    const summary = outs.length === 0 ? "There is no pointer here" : `All ${outs.length} are as their pointers say`;
    print(
      options.json,
      { schema: "trainyard/data-status/1", clean, store: store?.name ?? null, outs },
      clean ? [`${summary}${store === undefined ? "" : `, and ${store.name} has them`}`] : lines,
    );
    if (!clean) process.exitCode = 1;
  } finally {
    progress.clear();
    clone.close();
  }
}

async function findState({ root }: DataClone, pointer: string, out: Out, progress: TransferProgress): Promise<State> {
  const found = await digestOut(root, pointer, out, progress.onBytes);
  if (found === undefined) return "missing";
  return isOut(out, found) ? "same" : "changed";
}
