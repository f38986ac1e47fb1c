import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The bundle of an entry such as `cli/main` below `dist`, with the packages it still imports; undefined where there is
 * none, or where the sources beside it have changed since. A published package carries no sources: its bundle holds.
 */
export function findBundle(root, entry) {
  const file = join(root, "dist", `${entry}.js`);
  const manifest = readManifest(root)?.[entry];
  if (manifest === undefined || !existsSync(file)) return undefined;
  if (existsSync(join(root, "app")) && digestSources(root, manifest.sources) !== manifest.sha256) return undefined;
  return { file, packages: manifest.packages };
}

/** SHA-256 over path and content of every source, in the order given; undefined if one is not there. */
export function digestSources(root, sources) {
  const hash = createHash("sha256");
  for (const source of sources) {
    try {
      hash
        .update(`${source}\0`)
        .update(readFileSync(join(root, source)))
        .update("\0");
    } catch {
      return undefined;
    }
  }
  return hash.digest("hex");
}

function readManifest(root) {
  try {
    return JSON.parse(readFileSync(join(root, "dist", "bundles.json"), "utf8"));
  } catch {
    return undefined;
  }
}
