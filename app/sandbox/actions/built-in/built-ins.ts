import { downloadArtifact, uploadArtifact } from "./artifact-actions.ts";
import type { BuiltIn } from "./built-in.ts";
import { cache, restoreCache, saveCache } from "./cache-actions.ts";
import { checkout } from "./checkout.ts";
import { setUp } from "./set-up.ts";

/** What the sandbox does itself, by owner/repo[/path]; the ref does not matter. */
export const builtIns: Readonly<Record<string, BuiltIn>> = {
  "actions/cache": cache,
  "actions/cache/restore": restoreCache,
  "actions/cache/save": saveCache,
  "actions/checkout": checkout,
  "actions/download-artifact": downloadArtifact,
  "actions/setup-node": setUp("node"),
  "actions/setup-python": setUp("python3"),
  "actions/upload-artifact": uploadArtifact,
  "astral-sh/setup-uv": setUp("uv"),
};
