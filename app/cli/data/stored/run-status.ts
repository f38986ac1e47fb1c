import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { plainLine } from "#core/message/escape.ts";
import type { ObjectStore } from "#core/object-store.ts";
import { compareFolder, type FolderChanges } from "#core/pointer/compare-folder.ts";
import { placeOut, type Out } from "#core/pointer/pointer.ts";
import { fetchListing } from "#store/transfer/fetch-out.ts";
import { findLacking } from "#store/transfer/push-out.ts";
import { TransferError } from "#store/transfer/transfer-error.ts";
import { cachePath } from "#store/workspace/object-cache.ts";
import { digestOut, isOut, type Digested } from "#store/workspace/read-workspace.ts";
import { findPointers, openClone, type CloneOptions, type DataClone } from "./open-clone.ts";
import { print } from "./print.ts";
import { TransferProgress } from "./transfer-progress.ts";

export type StatusOptions = CloneOptions & { cloud?: boolean; json?: boolean };

type State = "same" | "changed" | "missing";
/** `files`: what became of a folder's files; null where it is no changed folder, or its listing is not at hand */
type OutStatus = {
  path: string;
  pointer: string;
  state: State;
  files: FolderChanges | null;
  /** objects that the store lacks; null: it was not asked */
  lacking: number | null;
};

const says: Readonly<Record<State, string>> = {
  same: "as its pointer says",
  changed: "changed: keep it with trainyard data add, or go back with trainyard data pull --force",
  missing: "not here: bring it with trainyard data pull",
};
const mostNames = 10;

/** Compares the clone with its pointers, and the store too where that is asked. Exit code 1 where anything differs. */
export async function runStatus(names: readonly string[], options: StatusOptions): Promise<void> {
  const clone = await openClone(options);
  const progress = new TransferProgress("reading");
  try {
    const pointers = await findPointers(clone, names);
    const store = options.cloud === true ? await clone.openStore() : undefined;
    const outs: OutStatus[] = [];
    for (const { path: pointer, outs: all } of pointers)
      for (const out of all)
        outs.push({
          path: placeOut(pointer, out),
          pointer,
          ...(await findState(clone, pointer, out, { store, progress })),
          lacking: store === undefined ? null : await findLacking({ cache: clone.cache, store }, out, pointer),
        });
    progress.clear();
    const clean = outs.every(({ state, lacking }) => state === "same" && (lacking ?? 0) === 0);
    print(
      options.json,
      { schema: "trainyard/data-status/1", clean, store: store?.name ?? null, outs },
      clean ? [sayClean(outs, store)] : [...outs.flatMap((out) => sayOut(out, store)), ...sayNoFolder(clone, store)],
    );
    if (!clean) process.exitCode = 1;
  } finally {
    progress.clear();
    clone.close();
  }
}

function sayClean(outs: readonly OutStatus[], store: ObjectStore | undefined): string {
  const [first] = outs;
  if (first === undefined) return "There is no pointer here";
  const stored = store === undefined ? "" : `, and ${store.name} has ${outs.length === 1 ? "it" : "them"}`;
  return outs.length === 1
    ? `${first.path} is as its pointer says${stored}`
    : `All ${outs.length} are as their pointers say${stored}`;
}

function sayOut({ path, state, files, lacking }: OutStatus, store: ObjectStore | undefined): readonly string[] {
  const changes = (["edited", "removed", "added"] as const).flatMap((what) =>
    (files?.[what] ?? []).map((name) => `  ${what.padEnd("removed".length)}  ${plainLine(name, 300)}`),
  );
  return [
    ...(state === "same" ? [] : [`${path}: ${says[state]}`]),
    ...changes.slice(0, mostNames),
    ...(changes.length > mostNames ? [`  and ${changes.length - mostNames} more (--json names all)`] : []),
    ...((lacking ?? 0) === 0 ? [] : [`${path}: ${store?.name ?? "the store"} lacks it: trainyard data push sends it`]),
  ];
}

/** A store that nothing was pushed to yet lacks everything, and so does one whose name is wrong. */
function sayNoFolder({ root, address }: DataClone, store: ObjectStore | undefined): readonly string[] {
  if (store === undefined || address?.store.kind !== "folder" || existsSync(resolve(root, address.store.path)))
    return [];
  return [`${store.name} does not exist: correct its name in ${address.from}, mount it, or have data push make it`];
}

async function findState(
  clone: DataClone,
  pointer: string,
  out: Out,
  { store, progress }: { store: ObjectStore | undefined; progress: TransferProgress },
): Promise<Pick<OutStatus, "state" | "files">> {
  const found = await digestOut(clone.root, pointer, out, progress.onBytes);
  if (found === undefined) return { state: "missing", files: null };
  if (isOut(out, found)) return { state: "same", files: null };
  return { state: "changed", files: await findChanges(clone, { pointer, out, found, store }) };
}

/** The listing that the pointer stands for is in the cache of whoever added or pulled it; else the store has it. */
async function findChanges(
  { cache }: DataClone,
  { pointer, out, found, store }: { pointer: string; out: Out; found: Digested; store: ObjectStore | undefined },
): Promise<FolderChanges | null> {
  if (!out.folder || !found.folder || out.legacy) return null;
  if (store === undefined && !existsSync(cachePath(cache, `${out.md5}.dir`))) return null;
  try {
    const listed = await fetchListing({ cache, openStore: async () => await Promise.resolve(store) }, out, pointer);
    return compareFolder(listed, found.files);
  } catch (error) {
    if (error instanceof TransferError) return null;
    throw error;
  }
}
