import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { DataFile } from "#data/data-file.ts";

/** A folder for one test file, gone afterwards; `write` puts a file into it. */
export function temporaryFolder(): { path: string; write(name: string, content: string | Uint8Array): DataFile } {
  const path = mkdtempSync(join(tmpdir(), "trainyard-test-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name, content) {
      writeFileSync(join(path, name), content);
      return { path: join(path, name), shown: `data/${name}` };
    },
  };
}
