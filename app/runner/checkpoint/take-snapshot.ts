import { createHash } from "node:crypto";
import { constants, createReadStream, linkSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { findPathProblems } from "#runner/inputs/safe-paths.ts";
import { kindOf, type ModelLimits } from "#runner/model-files.ts";

/** The files of a folder as they were at one moment, copied to `folder`. `looks` tells a later look whether any changed. */
export type Snapshot = { folder: string; files: readonly CheckpointFile[]; looks: string };
export type CheckpointFile = { path: string; sha256: string; size: number };

export type Taken = { kind: "snapshot"; snapshot: Snapshot } | { kind: "same" } | { kind: "none"; because: string };

/** What an artifact can carry, and be fetched again. */
export const checkpointLimits: ModelLimits = { bytes: 10_000_000_000, files: 10_000 };

const tries = 3;

/**
 * Copies a folder that a command may be writing to. A set of files in which one came, went or changed while it was read is
 * no checkpoint: it is read again, and left out where it holds still never. `before`: nothing is copied if it looks like
 * that. Attacker-controlled: links and devices are no part of it.
 */
export async function takeSnapshot(
  from: string,
  to: string,
  options: { limits: ModelLimits; before: string | undefined; pauseMs?: number },
): Promise<Taken> {
  if (kindOf(from) !== "folder") return { kind: "none", because: "its folder is not there" };
  for (let attempt = 1; attempt <= tries; attempt++) {
    const found = look(from);
    if (found.files.length === 0) return { kind: "none", because: "it holds no file" };
    if (found.looks === options.before) return { kind: "same" };
    const problem = findProblem(found.files, options.limits);
    if (problem !== undefined) return { kind: "none", because: problem };
    const linked = link(from, `${to}.links`, found.files);
    const source = linked ? `${to}.links` : from;
    const whole = !linked || look(from).looks === found.looks;
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    const files = whole ? await copy(source, to, found.files) : undefined;
    const isStill = files !== undefined && look(source).looks === found.looks;
    // oxlint-disable-next-line no-await-in-loop -- see above
    await rm(`${to}.links`, { recursive: true, force: true });
    if (isStill) return { kind: "snapshot", snapshot: { folder: to, files, looks: found.looks } };
    // oxlint-disable-next-line no-await-in-loop -- see above
    await rm(to, { recursive: true, force: true });
    // oxlint-disable-next-line no-await-in-loop -- whoever writes shall get to an end
    await sleep(options.pauseMs ?? 1_000);
  }
  return { kind: "none", because: "its files changed while they were read" };
}

type Found = { path: string; size: number };

function look(folder: string): { files: readonly Found[]; looks: string } {
  const files: Found[] = [];
  const seen: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const found = lstatSync(file, { throwIfNoEntry: false, bigint: true });
    if (found === undefined) continue;
    const path = file.slice(folder.length + 1).replaceAll("\\", "/");
    files.push({ path, size: Number(found.size) });
    seen.push(`${path}\0${found.ino}\0${found.size}\0${found.mtimeNs}`);
  }
  return { files, looks: seen.toSorted().join("\n") };
}

function findProblem(files: readonly Found[], limits: ModelLimits): string | undefined {
  if (files.length > limits.files) return `it holds ${files.length} files, at most ${limits.files} are kept`;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > limits.bytes) return `it has ${size} bytes, at most ${limits.bytes} are kept`;
  return findPathProblems(files.map(({ path }) => path))[0];
}

/**
 * Holds on to the files as they are now: a file that is put in the place of another leaves this one as it is, so that
 * whoever writes that way is never waited for. False where the disk knows no such links.
 */
function link(from: string, to: string, files: readonly Found[]): boolean {
  try {
    for (const { path } of files) {
      mkdirSync(dirname(join(to, path)), { recursive: true });
      linkSync(join(from, path), join(to, path));
    }
    return true;
  } catch {
    return false;
  }
}

/** Undefined where a file went away meanwhile. Nothing here holds up what the command prints, however much there is. */
async function copy(from: string, to: string, files: readonly Found[]): Promise<readonly CheckpointFile[] | undefined> {
  const copied: CheckpointFile[] = [];
  try {
    for (const { path } of files) {
      const file = join(to, path);
      // oxlint-disable-next-line no-await-in-loop -- one file after the other
      await mkdir(dirname(file), { recursive: true });
      // oxlint-disable-next-line no-await-in-loop -- see above
      await copyFile(join(from, path), file, constants.COPYFILE_FICLONE);
      const hash = createHash("sha256");
      // oxlint-disable-next-line no-await-in-loop -- see above
      await pipeline(createReadStream(file), hash);
      copied.push({ path, sha256: hash.digest("hex"), size: lstatSync(file).size });
    }
    return copied;
  } catch {
    return undefined;
  }
}
