import { digest } from "#core/canonical.ts";
import type { Sha256 } from "#core/names.ts";
import { sortEntries } from "./byte-order.ts";
import { listFiles, writeObject } from "./canonical-files.ts";
import type { TreeEntry } from "./tree.ts";

/** The identity of a baseline, as in docs/identity.md: its command, set-up, and the code it names in the base tree. */
export function computeBaseline(run: string, setup: string | undefined, code: readonly TreeEntry[]): Sha256 {
  const files = listFiles(sortEntries(code));
  return digest(writeObject({ code: files, run, schema: "trainyard/baseline/1", setup: setup ?? null }));
}
