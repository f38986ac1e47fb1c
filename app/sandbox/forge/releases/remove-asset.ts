import type { Forge, Repo } from "#sandbox/forge/contract.ts";
import { type AssetRecord, keyOfAsset } from "./release.ts";

/** Forgets an asset and its bytes. */
export async function removeAsset(forge: Forge, repo: Repo, asset: AssetRecord): Promise<void> {
  repo.store<AssetRecord>("release-assets").remove(asset.id);
  await forge.files.remove(keyOfAsset(repo, asset));
}
