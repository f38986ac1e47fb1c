import { readFileSync } from "node:fs";

/** The version of this package, as its package.json says; beside the source or two folders above a bundle. */
export function version(): string {
  for (const place of ["../../package.json", "../../../package.json"]) {
    try {
      const read: unknown = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8"));
      if (typeof read === "object" && read !== null && "version" in read) return String(read.version);
    } catch {
      continue;
    }
  }
  return "unknown";
}
