import type { BlobStore } from "#sandbox/actions/service/blob-store.ts";
import type { StepCall } from "#sandbox/actions/step/step-call.ts";
import type { Forge, Repo } from "#sandbox/forge/contract.ts";

/** What built-in actions keep artifacts and caches in. Throws a sentence where there is no forge. */
export function servicesOf(call: StepCall): { forge: Forge; blobs: BlobStore; repo: Repo } {
  const { platform, request } = call.state;
  const { services } = platform;
  const repo = services?.forge.repoById(request.repository.id);
  if (services === undefined || repo === undefined) {
    throw new Error("Artifacts and caches need a forge: this executor runs without one");
  }
  return { ...services, repo };
}
