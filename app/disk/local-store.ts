import { randomUUID } from "node:crypto";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Locator } from "#core/evidence.ts";
import { isRepositoryPath } from "#core/identity/repository-path.ts";
import type { Sha256 } from "#core/names.ts";
import type { Bytes, EvidenceStore } from "#core/ports.ts";
import { copyFiles } from "./copy-files.ts";
import { folderEvidence } from "./folder-evidence.ts";
import { failedWith } from "./write-whole.ts";

/** What the command line keeps between two calls: records under `evidence/`, model files and predictions by digest. */
export type LocalStore = {
  evidence: EvidenceStore;
  bytes: Bytes;
  /** Keeps a copy of a file or folder under its digest, which the caller has taken. There already: nothing happens. */
  put(digest: Sha256, source: string): Promise<Locator & { kind: "local" }>;
  /** Where the bytes of this digest would lie. */
  locate(digest: Sha256): Locator & { kind: "local" };
};

/** A store in this folder, such as `.git/trainyard`; made when something is first kept. Several processes may use it. */
export function localStore(folder: string): LocalStore {
  const locate = (digest: Sha256): Locator & { kind: "local" } => ({
    kind: "local",
    path: `bytes/${digest.slice(0, 2)}/${digest}`,
  });

  /** attacker-controlled: a locator may come from a record that somebody else wrote */
  function place(locator: Locator): string | undefined {
    const mine = locator.kind === "local" && locator.path.startsWith("bytes/") && isRepositoryPath(locator.path);
    return mine ? join(folder, locator.path) : undefined;
  }

  async function isThere(path: string): Promise<boolean> {
    return access(path).then(
      () => true,
      () => false,
    );
  }

  return {
    evidence: folderEvidence(join(folder, "evidence")),
    locate,
    async put(digest, source) {
      const locator = locate(digest);
      const target = join(folder, locator.path);
      if (await isThere(target)) return locator;
      const aside = join(folder, "incoming", randomUUID());
      try {
        await mkdir(aside, { recursive: true });
        await copyFiles(source, aside);
        await mkdir(dirname(target), { recursive: true });
        await rename(aside, target);
      } catch (error) {
        // another process kept the same bytes meanwhile
        if (!failedWith(error, "ENOTEMPTY", "EEXIST")) throw error;
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
      return locator;
    },
    bytes: {
      async available(locator) {
        const from = place(locator);
        return from !== undefined && (await isThere(from));
      },
      async fetch(locator, into) {
        const from = place(locator);
        if (from === undefined || !(await isThere(from))) return undefined;
        return copyFiles(from, into);
      },
    },
  };
}
