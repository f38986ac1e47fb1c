import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { VersionedFile } from "#data/diff/versioned-files.ts";
import type { FoundFile } from "./find-version.ts";

type Versions = { before: readonly VersionedFile[]; after: readonly VersionedFile[] };

/**
 * Says of two versions which files are the same one: by what their paths do not share, so that `v1/a.csv` becomes
 * `v2/a.csv`; and by content, as git or a pointer names it, where a file of the other version has the same size.
 */
export async function nameVersions(before: readonly FoundFile[], after: readonly FoundFile[]): Promise<Versions> {
  const [old, now] = [await measure(before), await measure(after)];
  const kind = chooseKind([...before, ...after]);
  const identify = async (files: readonly Measured[], others: readonly Measured[]): Promise<VersionedFile[]> => {
    const shared = sharedFolder(files.map(nameOf));
    const named: VersionedFile[] = [];
    for (const { size, ...file } of files) {
      const isAlone = files.length === 1 && others.length === 1;
      const known = file.blob !== undefined && kindOf(file.blob) === kind ? file.blob : undefined;
      const blob =
        known ??
        // oxlint-disable-next-line no-await-in-loop -- one file at a time
        (others.some((other) => other.size === size)
          ? await hashContent(file.path, size, kind)
          : `unlike ${file.path}`);
      named.push({ ...file, blob, name: isAlone ? "" : nameOf(file).slice(shared.length) });
    }
    return named;
  };
  return { before: await identify(old, now), after: await identify(now, old) };
}

type Kind = "sha1" | "sha256" | "md5";

const kindOf = (blob: string): Kind => (blob.startsWith("md5:") ? "md5" : blob.length === 64 ? "sha256" : "sha1");

/** What names contents: that by which they are known already, and MD5 where git knows some and pointers others. */
function chooseKind(files: readonly FoundFile[]): Kind {
  const [first, ...others] = new Set(files.flatMap(({ blob }) => (blob === undefined ? [] : [kindOf(blob)])));
  return others.length > 0 ? "md5" : (first ?? "sha1");
}

type Measured = FoundFile & { size: number };

const measure = async (files: readonly FoundFile[]): Promise<readonly Measured[]> =>
  await Promise.all(files.map(async (file) => ({ ...file, size: (await stat(file.path)).size })));

const nameOf = (file: FoundFile): string => file.name ?? file.shown;

/** The folder that all of these are in, with its slash. */
function sharedFolder(names: readonly string[]): string {
  let shared = names[0]?.replace(/[^/]*$/, "") ?? "";
  while (shared !== "" && !names.every((name) => name.startsWith(shared))) shared = shared.replace(/[^/]*\/$/, "");
  return shared;
}

/** As git names content, or a pointer. */
async function hashContent(path: string, size: number, kind: Kind): Promise<string> {
  const hash = createHash(kind);
  if (kind !== "md5") hash.update(`blob ${size}\0`);
  await pipeline(createReadStream(path), hash);
  return `${kind === "md5" ? "md5:" : ""}${hash.digest("hex")}`;
}
