import type { Out } from "./pointer.ts";

/** A file of an out: its path below it ("" is the out itself), where its bytes lie on this machine, and their MD5. */
export type Fetched = { relpath: string; file: string; md5: string };

/**
 * The bytes that pointers stand for, brought to this machine and verified by digest. Whoever gets a file copies it and
 * leaves it as it is. What cannot be had throws an `Error` whose message names pointer, object, store and mend.
 */
export type Contents = {
  /** Is there a store? "unnamed": nothing says where, so that the team's own commands see to it. */
  reach(): Promise<"store" | "foreign" | "unnamed">;
  fetch(out: Out, pointer: string): Promise<readonly Fetched[]>;
  /** The same for a file in Git LFS; answers where it lies. */
  fetchLfs(object: { sha256: string; size: number }, shown: string): Promise<string>;
};
