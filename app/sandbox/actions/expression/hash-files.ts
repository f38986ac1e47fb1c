import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { compilePattern } from "#sandbox/actions/trigger/path-pattern.ts";

/**
 * GitHub's `hashFiles`: SHA-256 (hex) over the SHA-256 digests of the files below `folder` that match, in order of
 * path; "" where none does. A pattern that starts with `!` takes files out again. `.git` is never looked into.
 */
export function hashFiles(folder: string, patterns: readonly string[]): string {
  const rules = patterns
    .flatMap((pattern) => pattern.split("\n"))
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== "" && !pattern.startsWith("#"))
    .map((pattern) => {
      const out = pattern.startsWith("!");
      const plain = (out ? pattern.slice(1) : pattern).replace(`${folder}/`, "").replace(/^\.?\//, "");
      return { out, matches: compilePattern(plain) };
    });
  const all = createHash("sha256");
  let found = false;
  for (const path of listFiles(folder, "")) {
    if (rules.reduce((taken, rule) => (rule.matches(path) ? !rule.out : taken), false)) {
      all.update(digestOf(join(folder, path)));
      found = true;
    }
  }
  return found ? all.digest("hex") : "";
}

function* listFiles(root: string, below: string): Generator<string> {
  const entries = readdirSync(join(root, below), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && entry.name !== ".git") yield* listFiles(root, path);
    else if (entry.isFile()) yield path;
  }
}

function digestOf(path: string): Buffer {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(1 << 16);
  const file = openSync(path, "r");
  try {
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
      hash.update(buffer.subarray(0, size));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest();
}
