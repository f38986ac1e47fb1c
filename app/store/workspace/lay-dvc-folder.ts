import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { StoreAddress } from "#core/store-address.ts";
import { writeBeside } from "./write-beside.ts";

/**
 * What `dvc init` leaves in a repository, where nothing is there yet, with the store as its default remote: DVC then finds
 * the pointers' bytes too. A store that DVC cannot read is left out.
 */
export async function layDvcFolder(root: string, store: StoreAddress | undefined): Promise<void> {
  if (existsSync(join(root, ".dvc"))) return;
  await writeBeside(join(root, ".dvc", ".gitignore"), "/config.local\n/tmp\n/cache\n");
  await writeBeside(join(root, ".dvc", "config"), writeDvcConfig(root, store));
}

function writeDvcConfig(root: string, store: StoreAddress | undefined): string {
  const remote = store === undefined ? undefined : describeRemote(root, store);
  if (remote === undefined) return "";
  const lines = Object.entries(remote).map(([key, value]) => `    ${key} = ${value}\n`);
  return `[core]\n    remote = store\n['remote "store"']\n${lines.join("")}`;
}

function describeRemote(root: string, store: StoreAddress): Readonly<Record<string, string>> | undefined {
  if (store.kind === "folder") {
    const absolute = /^(?:\/|[A-Za-z]:)/.test(store.path);
    return { url: absolute ? store.path : relative(join(root, ".dvc"), resolve(root, store.path)) };
  }
  if (store.kind !== "s3") return undefined;
  return {
    url: `s3://${store.bucket}${store.prefix === "" ? "" : `/${store.prefix}`}`,
    ...(store.endpoint === undefined ? {} : { endpointurl: store.endpoint }),
    ...(store.region === undefined ? {} : { region: store.region }),
  };
}
