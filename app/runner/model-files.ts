import { createHash } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
} from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { canonicalJson, digest } from "#core/canonical.ts";
import type { ArtifactRecord } from "#core/evidence.ts";
import { type Sha256, parseSha256 } from "#core/names.ts";
import { assetName, assetPath } from "#core/promotion/manifest.ts";

export type ModelLimits = { bytes: number; files: number };

/** A release takes files below 2 GiB, and 1,000 of them. */
export const modelLimits: ModelLimits = { bytes: 1_900_000_000, files: 900 };

/** A model with its digests; or `problem`, a sentence that goes on after the model's name. */
export type CollectedModel = { kind: "model"; artifact: ArtifactRecord } | { kind: "problem"; problem: string };

/**
 * Copies the model that a training wrote at `path` below `folder` into the empty folder `to` (a file under its own name, a
 * folder's files under their relative paths) and hashes the copy. Attacker-controlled: links, devices and whatever leads
 * out of the folder are refused.
 */
export function collectModel(request: {
  folder: string;
  path: string;
  to: string;
  limits?: ModelLimits;
}): CollectedModel {
  const { folder, path, to, limits = modelLimits } = request;
  const from = join(folder, path);
  const kind = kindOf(from);
  if (kind === "none") return { kind: "problem", problem: "is missing" };
  if (kind === "other") return { kind: "problem", problem: "is a link or a device: write the file itself" };
  if (!isInside(folder, from)) return { kind: "problem", problem: "lies behind a link that leads out of the folder" };
  const found = kind === "file" ? [basename(path)] : listFiles(from);
  if (!Array.isArray(found))
    return { kind: "problem", problem: `holds "${found.refused}", which is a link or a device: write the file itself` };
  if (found.length === 0) return { kind: "problem", problem: "is an empty folder" };
  if (found.length > limits.files)
    return { kind: "problem", problem: `is a folder of ${found.length} files, at most ${limits.files} can be kept` };
  const base = kind === "file" ? dirname(from) : from;
  const tooLong = found.find((name) => name.length > 1_000);
  if (tooLong !== undefined)
    return { kind: "problem", problem: `holds a path of ${tooLong.length} characters, at most 1,000 can be kept` };
  const odd = found.find((name) => !/^[\w./-]+$/.test(name) || assetPath(assetName(name)) !== name);
  if (odd !== undefined)
    return {
      kind: "problem",
      problem: `holds a file "${odd}": a release keeps names of letters A to Z, digits, ".", "_" and "-", without ".."`,
    };
  const size = found.reduce((sum, name) => sum + lstatSync(join(base, name)).size, 0);
  if (size > limits.bytes)
    return { kind: "problem", problem: `has ${size} bytes, at most ${limits.bytes} can be kept` };
  if (size === 0) return { kind: "problem", problem: "is empty" };
  for (const name of found) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    copyFileSync(join(base, name), join(to, name), constants.COPYFILE_FICLONE);
  }
  return { kind: "model", artifact: describeModel(to, found, kind) };
}

/** Digests of a model's files below a folder; `paths` are relative to it. */
export function describeModel(folder: string, paths: readonly string[], kind: "file" | "folder"): ArtifactRecord {
  const files = [...paths].sort(byCodeUnits).map((path) => ({ path, ...hashFile(join(folder, path)) }));
  const [only] = files;
  const sha256 = kind === "file" && only !== undefined ? only.sha256 : digest(canonicalJson(files));
  return { sha256, size: files.reduce((sum, file) => sum + file.size, 0), files };
}

/** SHA-256 and size of a file, read in pieces. */
export function hashFile(file: string): { sha256: Sha256; size: number } {
  const hash = createHash("sha256");
  const piece = Buffer.alloc(1 << 20);
  const handle = openSync(file, "r");
  try {
    let size = 0;
    for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece)) {
      hash.update(piece.subarray(0, read));
      size += read;
    }
    return { sha256: parseSha256(hash.digest("hex")), size };
  } finally {
    closeSync(handle);
  }
}

/** Does a path, with every link in it followed, lie below the folder? */
export function isInside(folder: string, path: string): boolean {
  const way = relative(realpathSync(folder), realpathSync(path));
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`);
}

/** What lies at a path, no link followed at its end. */
export function kindOf(path: string): "none" | "file" | "folder" | "other" {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "none";
  if (found.isFile()) return "file";
  return found.isDirectory() ? "folder" : "other";
}

function listFiles(folder: string, below = ""): string[] | { refused: string } {
  const files: string[] = [];
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (!entry.isFile() && !entry.isDirectory()) return { refused: path };
    const found = entry.isDirectory() ? listFiles(folder, path) : [path];
    if (!Array.isArray(found)) return found;
    files.push(...found);
  }
  return files;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
