import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { namedAssets } from "#core/promotion/named-assets.ts";
import { ServiceError, type Bytes, type Release, type ReleaseAsset, type Releases } from "#core/ports.ts";
import { failedWith, writeWhole } from "./write-whole.ts";

const storedSchema = z.strictObject({
  tag: z.string(),
  target: z.string(),
  title: z.string(),
  body: z.string(),
  draft: z.boolean(),
});
type Stored = z.infer<typeof storedSchema>;

/** Releases in a folder, with the meaning that GitHub gives them: for the command line and for tests. */
export function folderReleases(folder: string): { releases: Releases; bytes: Bytes } {
  const recordOf = (id: number): string => join(folder, String(id), "release.json");
  const assetsOf = (id: number): string => join(folder, String(id), "assets");

  async function load(id: number): Promise<Stored> {
    try {
      return storedSchema.parse(JSON.parse(await readFile(recordOf(id), "utf8")));
    } catch (cause) {
      throw new ServiceError(
        "not-found",
        `Cannot read the release ${id} in "${folder}": there is none, or it is damaged`,
        { cause },
      );
    }
  }

  const save = async (id: number, stored: Stored): Promise<void> => writeWhole(recordOf(id), write(stored));

  async function present(id: number, { tag, draft, title, body }: Stored): Promise<Release> {
    const names = await readdir(assetsOf(id));
    const assets = await Promise.all(names.sort().map(async (name) => describe(join(assetsOf(id), name), name)));
    return { id, tag, draft, title, body, url: pathToFileURL(join(folder, String(id))).href, assets };
  }

  async function ids(): Promise<readonly number[]> {
    const names = await readdir(folder).catch(() => []);
    return names
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  async function find(tag: string): Promise<Release | undefined> {
    let draft: { id: number; stored: Stored } | undefined;
    for (const id of await ids()) {
      const stored = await load(id).catch(() => undefined);
      if (stored?.tag !== tag) continue;
      if (!stored.draft) return present(id, stored);
      draft ??= { id, stored };
    }
    return draft && present(draft.id, draft.stored);
  }

  const releases: Releases = {
    find,
    async createDraft({ tag, target, title, body }) {
      const stored: Stored = { tag, target, title, body, draft: true };
      // whole from its first moment, so that whoever looks at the same time sees it
      const aside = join(folder, `draft-${randomUUID()}`);
      await mkdir(join(aside, "assets"), { recursive: true });
      await writeWhole(join(aside, "release.json"), write(stored));
      let id = ((await ids()).at(-1) ?? 0) + 1;
      while (!(await moved(aside, join(folder, String(id))))) id += 1;
      const oldest = await find(tag);
      if (oldest === undefined || oldest.id === id) return present(id, stored);
      await rm(join(folder, String(id)), { recursive: true, force: true });
      return oldest;
    },
    async upload(id, name, file) {
      const { tag } = await load(id);
      if (!/^[A-Za-z0-9._+@-]+$/.test(name)) {
        throw new ServiceError(
          "refused",
          `Cannot upload "${name}" to the release "${tag}": the name of an asset has letters, digits and . _ + @ - only`,
        );
      }
      const aside = join(folder, String(id), randomUUID());
      const target = join(assetsOf(id), name);
      try {
        await copyFile(file, aside);
        await link(aside, target);
      } catch (error) {
        if (!failedWith(error, "EEXIST")) throw error;
        if ((await hashFile(target)) === (await hashFile(file))) return;
        throw new ServiceError(
          "conflict",
          `Cannot upload "${name}" to the release "${tag}": an asset of that name holds other bytes; remove it first`,
        );
      } finally {
        await rm(aside, { force: true });
      }
    },
    async removeAsset(id, name) {
      await load(id);
      if (/^[A-Za-z0-9._+@-]+$/.test(name)) await rm(join(assetsOf(id), name), { force: true });
    },
    async publish(id, text) {
      await save(id, { ...(await load(id)), ...text, draft: false });
    },
  };

  const bytes: Bytes = {
    async available(locator) {
      if (locator.kind !== "release-asset") return false;
      return namedAssets((await find(locator.tag))?.assets ?? [], locator.name).length > 0;
    },
    async fetch(locator, into) {
      if (locator.kind !== "release-asset") return undefined;
      const release = await find(locator.tag);
      const assets = namedAssets(release?.assets ?? [], locator.name);
      if (release === undefined || assets.length === 0) return undefined;
      for (const { asset, path } of assets) {
        await mkdir(dirname(join(into, path)), { recursive: true });
        await copyFile(join(assetsOf(release.id), asset.name), join(into, path));
      }
      return assets.map(({ path }) => path);
    },
  };

  return { releases, bytes };
}

function write(stored: Stored): string {
  return `${JSON.stringify(stored, null, 1)}\n`;
}

/** Renames a folder; answers false where the name is taken. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (failedWith(error, "EEXIST", "ENOTEMPTY")) return false;
    throw error;
  }
}

async function describe(path: string, name: string): Promise<ReleaseAsset> {
  return { name, size: (await stat(path)).size, sha256: await hashFile(path) };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) if (chunk instanceof Uint8Array) hash.update(chunk);
  return hash.digest("hex");
}
