import { readFileSync } from "node:fs";
import * as z from "zod";

/** The version of this package, as its package.json says; beside the source or two folders above a bundle. */
export function version(): string {
  for (const place of ["../../package.json", "../../../package.json"]) {
    try {
      return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8")))
        .version;
    } catch {
      continue;
    }
  }
  return "unknown";
}
