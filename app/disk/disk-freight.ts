import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDigestOf } from "#core/identity/artifact.ts";
import { ServiceError, type Bytes } from "#core/ports.ts";
import type { PredictionsRecord, RunRecord } from "#core/evidence.ts";

/** A run whose bytes can be fetched. */
type Known = { run: RunRecord; bytes: RunRecord["bytes"] };
export type MovedFile = { path: string; file: string; sha256: string };

/** Fetches what a promotion moves into folders of its own and believes nothing that does not hash to its digest. */
export function diskFreight(
  bytes: Bytes,
  folder: string,
): {
  fetchModel(known: Known): Promise<readonly MovedFile[]>;
  fetchFile(record: PredictionsRecord): Promise<string | undefined>;
  writeText(name: string, text: string): Promise<{ file: string; sha256: string }>;
} {
  return {
    async fetchModel({ run, bytes: at }) {
      if (!isDigestOf(run.artifact.sha256, run.artifact.files)) {
        throw new ServiceError(
          "broken",
          `The record of ${run.artifact.sha256.slice(0, 12)} lists files of another digest: nothing is promoted`,
        );
      }
      const to = join(folder, "freight", run.artifact.sha256);
      await mkdir(to, { recursive: true });
      const paths = await bytes.fetch(at, to);
      if (paths === undefined)
        throw new ServiceError(
          "not-found",
          `The bytes of ${run.artifact.sha256.slice(0, 12)} can no longer be had: say /promote to have them trained again`,
        );
      const files: MovedFile[] = [];
      for (const wanted of run.artifact.files) {
        const file = join(to, wanted.path);
        // oxlint-disable-next-line no-await-in-loop -- one file after the other
        const sha256 = paths.includes(wanted.path) ? await hash(file) : "missing";
        if (sha256 !== wanted.sha256) {
          throw new ServiceError(
            "broken",
            `The file "${wanted.path}" has SHA-256 ${sha256}, reviewed was ${wanted.sha256}: nothing is promoted`,
          );
        }
        files.push({ path: wanted.path, file, sha256 });
      }
      return files;
    },
    async fetchFile(record) {
      const to = join(folder, "freight", `predictions-${record.sha256.slice(0, 16)}`);
      await mkdir(to, { recursive: true });
      const [path] = (await bytes.fetch(record.bytes, to)) ?? [];
      if (path === undefined) return undefined;
      const file = join(to, path);
      return (await hash(file)) === record.sha256 ? file : undefined;
    },
    async writeText(name, text) {
      const file = join(folder, name);
      await mkdir(folder, { recursive: true });
      await writeFile(file, text);
      return { file, sha256: await hash(file) };
    },
  };
}

async function hash(file: string): Promise<string> {
  const sum = createHash("sha256");
  const stream: AsyncIterable<unknown> = createReadStream(file);
  for await (const chunk of stream) if (chunk instanceof Uint8Array) sum.update(chunk);
  return sum.digest("hex");
}
