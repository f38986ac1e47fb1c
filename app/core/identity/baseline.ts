import { digest } from "#core/canonical.ts";
import type { Sha256 } from "#core/names.ts";
import { sortEntries } from "./byte-order.ts";
import { listFiles, writeObject } from "./canonical-files.ts";
import type { TreeEntry } from "./tree.ts";

/** The identity of a baseline, as in docs/identity.md: its command and the code files that it names in the base tree. */
export function computeBaseline(run: string, code: readonly TreeEntry[]): Sha256 {
  return digest(writeObject({ code: listFiles(sortEntries(code)), run, schema: "trainyard/baseline/1" }));
}
