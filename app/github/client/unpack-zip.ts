import { createWriteStream } from "node:fs";
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassThrough, Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { isRepositoryPath } from "#core/identity/repository-path.ts";
import { ServiceError } from "#core/ports.ts";
import { broken, readAt, readZipDirectory, type ZipEntry } from "./zip-directory.ts";

/**
 * Writes the files below `prefix` of a zip into a folder and answers their paths relative to it: a prefix that names one
 * file gives that file under its own name, an empty one everything. Refuses links, names that would leave the folder,
 * names given twice, and more than `maxBytes` in all.
 */
export async function unpackZip(
  archive: string,
  prefix: string,
  folder: string,
  maxBytes: number,
): Promise<readonly string[]> {
  const file = await open(archive, "r");
  try {
    const wanted = choose(await readZipDirectory(file), prefix);
    const total = wanted.reduce((sum, { entry }) => sum + entry.size, 0);
    if (total > maxBytes)
      throw new ServiceError(
        "refused",
        `Cannot unpack the archive: its files have ${total} bytes, more than ${maxBytes}`,
      );
    for (const { entry, path } of wanted) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await unpack(file, entry, target);
    }
    return wanted.map(({ path }) => path);
  } finally {
    await file.close();
  }
}

function choose(entries: readonly ZipEntry[], prefix: string): readonly { entry: ZipEntry; path: string }[] {
  const under = prefix.replace(/\/+$/, "");
  const chosen: { entry: ZipEntry; path: string }[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    // attacker-controlled: one bad name spoils the whole archive, as nothing in it can be trusted then
    const name = entry.kind === "folder" ? entry.name.replace(/\/+$/, "") : entry.name;
    if (!isRepositoryPath(name))
      throw new ServiceError("refused", `Cannot unpack the archive: "${name}" is no path inside a folder`);
    if (entry.kind === "link") throw new ServiceError("refused", `Cannot unpack the archive: "${name}" is a link`);
    if (entry.kind === "folder") continue;
    if (seen.has(name)) throw new ServiceError("refused", `Cannot unpack the archive: "${name}" is in it twice`);
    seen.add(name);
    const path = pathBelow(name, under);
    if (path !== undefined) chosen.push({ entry, path });
  }
  return chosen;
}

function pathBelow(name: string, under: string): string | undefined {
  if (under === "") return name;
  if (name === under) return name.slice(name.lastIndexOf("/") + 1);
  return name.startsWith(`${under}/`) ? name.slice(under.length + 1) : undefined;
}

async function unpack(file: FileHandle, entry: ZipEntry, target: string): Promise<void> {
  const head = await readAt(file, entry.offset, 30);
  if (head.readUInt32LE(0) !== 0x04034b50) throw broken(`"${entry.name}" is not where it should be`);
  const start = entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  const packed =
    entry.packedSize === 0
      ? Readable.from([])
      : file.createReadStream({ start, end: start + entry.packedSize - 1, autoClose: false });
  const check = checker(entry);
  try {
    await pipeline(packed, unpacker(entry), check, createWriteStream(target, { flags: "wx" }));
  } catch (cause) {
    throw cause instanceof ServiceError
      ? cause
      : new ServiceError("broken", `Cannot unpack "${entry.name}": the archive is damaged`, { cause });
  }
}

function unpacker(entry: ZipEntry): Transform {
  if (entry.method === 8) return createInflateRaw();
  if (entry.method === 0) return new PassThrough();
  throw broken(`"${entry.name}" is packed by method ${entry.method}, which is neither stored nor deflated`);
}

/** Lets through exactly the bytes that were announced, and fails on any other. */
function checker(entry: ZipEntry): Transform {
  let size = 0;
  let crc = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > entry.size) return done(broken(`"${entry.name}" is larger than announced`));
      crc = crc32(chunk, crc);
      done(null, chunk);
    },
    flush(done) {
      done(size === entry.size && crc === entry.crc ? null : broken(`"${entry.name}" is not what was announced`));
    },
  });
}
