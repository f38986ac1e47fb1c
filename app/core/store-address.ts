import * as z from "zod";
import type { DvcRemote } from "#core/pointer/read-dvc-config.ts";

/** Where the objects of a repository's data lie, without any credential. It crosses between machines with the plan. */
export const storeAddressSchema = z.discriminatedUnion("kind", [
  /** relative to the repository's top, or absolute */
  z.strictObject({ kind: z.literal("folder"), path: z.string().min(1).max(4_096) }),
  z.strictObject({
    kind: z.literal("s3"),
    bucket: z.string().max(63),
    /** without slashes at its ends; "" is the whole bucket */
    prefix: z.string().max(1_024),
    endpoint: z.string().max(2_048).optional(),
    region: z.string().max(64).optional(),
    /** left out: the bucket is part of the path where an endpoint is named */
    pathStyle: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal("releases") }),
  /** a remote of DVC that is not spoken here */
  z.strictObject({ kind: z.literal("foreign"), scheme: z.string().max(40) }),
]);
export type StoreAddress = z.infer<typeof storeAddressSchema>;
export type S3Address = Extract<StoreAddress, { kind: "s3" }>;

/** What people write about a store, in the config or as a remote of DVC. */
export type StoreWords = {
  url: string;
  endpoint?: string | undefined;
  region?: string | undefined;
  pathStyle?: boolean | undefined;
};

/** Reads "releases", "s3://bucket/prefix" or a folder's path; a problem says what to write instead. */
export function readStoreAddress(words: StoreWords): { address: StoreAddress } | { problem: string } {
  const { url, endpoint, region, pathStyle } = words;
  if (url === "releases") return { address: { kind: "releases" } };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "s3") {
    const place = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/i.exec(url);
    if (place?.[1] === undefined) return { problem: 'write it as "s3://bucket/folder"' };
    const found = endpoint === undefined ? undefined : findEndpointProblem(endpoint);
    if (found !== undefined) return { problem: found };
    return {
      address: {
        kind: "s3",
        bucket: place[1],
        prefix: (place[2] ?? "").replaceAll(/^\/+|\/+$/g, ""),
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(region === undefined ? {} : { region }),
        ...(pathStyle === undefined ? {} : { pathStyle }),
      },
    };
  }
  if (scheme !== undefined && scheme !== "file") return { address: { kind: "foreign", scheme } };
  return { address: { kind: "folder", path: scheme === "file" ? url.slice("file://".length) : url } };
}

/** The same of DVC's default remote, whose paths begin at the folder `.dvc`. */
export function readRemoteAddress(remote: DvcRemote): { address: StoreAddress } | { problem: string } {
  const read = readStoreAddress(remote);
  if (!("address" in read) || read.address.kind !== "folder" || /^(?:\/|[A-Za-z]:)/.test(read.address.path))
    return read;
  return { address: { kind: "folder", path: joinPath(`.dvc/${read.address.path}`) } };
}

function findEndpointProblem(endpoint: string): string | undefined {
  const mend = 'write the endpoint as "https://host[:port]"';
  let url: URL;
  try {
    url = new URL(endpoint);
  } catch {
    return `"${endpoint.slice(0, 100)}" is no address; ${mend}`;
  }
  if (url.username !== "" || url.password !== "")
    return `the endpoint holds a password; ${mend}, and keep it in the environment`;
  return url.protocol === "https:" || url.protocol === "http:"
    ? undefined
    : `it is reached by ${url.protocol}; ${mend}`;
}

function joinPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/") || ".";
}
