import { isRepositoryPath } from "#core/identity/repository-path.ts";
import { assetPath } from "./manifest.ts";

/**
 * Which of a release's assets a locator's name means, and the path of each: `model` all files of the model, under their
 * own paths; any other name that one asset. Names are untrusted: one that would leave a folder is left out.
 */
export function namedAssets<Asset extends { name: string }>(
  assets: readonly Asset[],
  wanted: string,
): readonly { asset: Asset; path: string }[] {
  const named = assets.flatMap((asset) => {
    const path = wanted === "model" ? assetPath(asset.name) : asset.name;
    return path === undefined || (wanted !== "model" && asset.name !== wanted) ? [] : [{ asset, path }];
  });
  return named.filter(({ path }) => isRepositoryPath(path));
}
