import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { addDvcRemote } from "#core/pointer/add-dvc-remote.ts";
import type { StoreAddress } from "#core/store-address.ts";
import { writeBeside } from "./write-beside.ts";

/**
 * What `dvc init` leaves in a repository, where it is not there yet, with the store as the default remote where none is
 * named: DVC then finds the pointers' bytes too. A store that DVC cannot read is left out. Answers whether it wrote to
 * `.dvc/config`.
 */
export async function layDvcFolder(root: string, store: StoreAddress | undefined): Promise<boolean> {
  const ignored = join(root, ".dvc", ".gitignore");
  if (!existsSync(ignored)) await writeBeside(ignored, "/config.local\n/tmp\n/cache\n");
  const file = join(root, ".dvc", "config");
  const before = readText(file);
  const remote = store === undefined ? undefined : describeRemote(root, store);
  const others = [readText(join(root, ".dvc", "config.local")) ?? ""];
  const after = (remote === undefined ? undefined : addDvcRemote(before ?? "", others, remote)) ?? before ?? "";
  if (after === before) return false;
  await writeBeside(file, after);
  return true;
}

function readText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function describeRemote(root: string, store: StoreAddress): Readonly<Record<string, string>> | undefined {
  if (store.kind === "folder") {
    const absolute = /^(?:\/|[A-Za-z]:)/.test(store.path);
    const url = absolute ? store.path : relative(join(root, ".dvc"), resolve(root, store.path)).replaceAll(sep, "/");
    return { url };
  }
  if (store.kind !== "s3") return undefined;
  return {
    url: `s3://${store.bucket}${store.prefix === "" ? "" : `/${store.prefix}`}`,
    ...(store.endpoint === undefined ? {} : { endpointurl: store.endpoint }),
    ...(store.region === undefined ? {} : { region: store.region }),
  };
}
