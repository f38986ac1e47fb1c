import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha, type BlobSha } from "#core/names.ts";
import type { Contents } from "#core/pointer/contents.ts";
import { placeOut } from "#core/pointer/pointer.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import { containerOf } from "./container/container.ts";
import type { LaidPointer } from "./inputs/lay-pointers.ts";
import { MaterialiseError, materialise, type ReadBlobs } from "./materialise.ts";
import { StepFailure, Workplace } from "./workplace.ts";

export type FolderOrder = {
  model: string;
  phase: "watch" | "retrain";
  entries: readonly TreeEntry[];
  setup: string | undefined;
  command: string;
  /** an image by digest, in which both run */
  container?: string | undefined;
  timeoutMs: number;
  read: ReadBlobs;
  /** what pointers among the files stand for */
  contents?: Contents | undefined;
  /** where the work is done; it stays, as the answer names files in it */
  folder: string;
  env: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
  onLine?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
};

/** A file that a command made or changed, as git would store it, and where it lies. */
export type FoundFile = TreeEntry & { file: string; size: number };

const mostFiles = 20_000;

/**
 * Runs a command of the config in a folder of these files and answers the regular files that are new or differ. Links
 * and folders of git are passed over: what comes out is data.
 */
export async function runInFolder(
  order: FolderOrder,
): Promise<{ kind: "done"; changed: readonly FoundFile[] } | { kind: "failed"; failure: Failure }> {
  const place = new Workplace(order.folder, {
    env: order.env,
    secrets: order.secrets,
    onLine: order.onLine,
    signal: order.signal,
    container: containerOf(order),
  });
  try {
    const pointers = await materialise({
      entries: order.entries,
      read: order.read,
      folder: place.folder,
      contents: contentsFor(order),
    });
    if (order.setup !== undefined) await place.run("setup", order.setup, order.timeoutMs, order.secrets);
    const before = new Map(order.entries.map((entry) => [entry.path, entry.blob]));
    await place.run(order.phase, order.command, order.timeoutMs, order.secrets);
    const shaped = order.entries[0]?.blob.length === 64 ? "sha256" : "sha1";
    return {
      kind: "done",
      changed: findFiles(place.folder, shaped, placesOf(pointers)).filter(
        ({ path, blob }) => before.get(path) !== blob,
      ),
    };
  } catch (error) {
    if (!(error instanceof StepFailure) && !(error instanceof MaterialiseError)) throw error;
    const log = error instanceof StepFailure ? error.log : "";
    const phase = error instanceof StepFailure ? error.phase : "materialise";
    return {
      kind: "failed",
      failure: { model: order.model, task: order.phase, phase, message: error.message.slice(0, 4_000), log },
    };
  }
}

/** A nightly watch looks at what is new: it does not fetch all that training reads, and has the files of LFS alone. */
function contentsFor({ phase, contents }: FolderOrder): Contents | undefined {
  if (phase !== "watch" || contents === undefined) return contents;
  return { ...contents, reach: async () => await Promise.resolve("unnamed") };
}

/** What is data of a pointer is not git's to keep: a command that changes it adds it to the store itself. */
function placesOf(pointers: readonly LaidPointer[]): readonly string[] {
  return [
    ".git",
    ".dvc",
    "node_modules",
    ...pointers.flatMap(({ path, outs }) => outs.map((out) => placeOut(path, out))),
  ];
}

function findFiles(folder: string, hash: "sha1" | "sha256", without: readonly string[]): readonly FoundFile[] {
  const found: FoundFile[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(folder.length + 1);
    if (without.some((place) => path === place || path.startsWith(`${place}/`))) continue;
    if (found.length === mostFiles)
      throw new StepFailure(
        "materialise",
        `The command left more than ${mostFiles} files: it should make data files only`,
      );
    const bytes = readFileSync(file);
    const mode = (lstatSync(file).mode & 0o100) === 0 ? "100644" : "100755";
    found.push({ path, mode, blob: hashBlob(bytes, hash), file, size: bytes.length });
  }
  return found;
}

/** The id that git gives to a blob of these bytes. */
function hashBlob(bytes: Uint8Array, hash: "sha1" | "sha256"): BlobSha {
  return parseBlobSha(createHash(hash).update(`blob ${bytes.length}\0`).update(bytes).digest("hex"));
}
