import { stringify } from "yaml";
import type { Out } from "./pointer.ts";

/**
 * A pointer as DVC 3 writes it, byte for byte up to `meta`, where DVC keeps what others add: the SHA-256 of each out, as
 * MD5 proves nothing against somebody who means harm. It is bound to the MD5, because DVC leaves `meta` as it is when it
 * writes another one above it.
 */
export function writeDvcPointer(outs: readonly (Omit<Out, "sha256" | "legacy"> & { sha256: string })[]): string {
  return stringify(
    {
      outs: outs.map(({ path, md5, folder, size, nfiles }) => ({
        md5: idOf(md5, folder),
        size,
        ...(nfiles === undefined ? {} : { nfiles }),
        hash: "md5",
        path,
      })),
      meta: { trainyard: outs.map(({ md5, folder, sha256 }) => ({ md5: idOf(md5, folder), sha256 })) },
    },
    { lineWidth: 0, indentSeq: false },
  );
}

const idOf = (md5: string, folder: boolean): string => (folder ? `${md5}.dir` : md5);
