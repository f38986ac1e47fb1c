import type { Out } from "./pointer.ts";

/**
 * The bytes that pointers stand for, as the machine that needs them gets them. Both verify by digest, write nothing half,
 * and throw an `Error` whose message names pointer, object, store and mend.
 */
export type Contents = {
  /** Lays the file or folder at `to`, where nothing is yet; answers its files relative to `to`, "" being `to` itself. */
  lay(out: Out, pointer: string, to: string): Promise<readonly string[]>;
  /** The same for a file in Git LFS. */
  layLfs(object: { sha256: string; size: number }, shown: string, to: string): Promise<void>;
};
