import { resolve } from "node:path";
import { StoreError, type ObjectStore } from "#core/object-store.ts";
import type { StoreAddress } from "#core/store-address.ts";
import { folderStore } from "./folder-store.ts";

export type OpenStore = {
  /** what a folder's path begins at: the top of the repository */
  root: string;
  env: Readonly<Record<string, string | undefined>>;
  /** for the assets of releases; undefined where no repository on a service is known */
  releases?: (() => Promise<ObjectStore>) | undefined;
  timeoutMs?: number | undefined;
};

/** The store at an address. Throws a `StoreError` for one that is not spoken here. */
export async function openStore(address: StoreAddress, options: OpenStore): Promise<ObjectStore> {
  switch (address.kind) {
    case "folder":
      return folderStore(resolve(options.root, address.path));
    case "s3": {
      // Only who has a bucket loads what speaks to it.
      const { s3Store } = await import("./s3/s3-store.ts");
      return s3Store(address, {
        env: options.env,
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      });
    }
    case "releases":
      if (options.releases === undefined)
        throw new StoreError(
          "refused",
          "Cannot reach the assets of releases: no repository on GitHub is known here; name it with --repository owner/name",
        );
      return await options.releases();
    case "foreign":
      throw new StoreError(
        "refused",
        `Cannot reach the remote: "${address.scheme}://" is not spoken here; let the team's own command fetch the data: fetch: { run: dvc pull } beside the model's inputs`,
      );
  }
}
