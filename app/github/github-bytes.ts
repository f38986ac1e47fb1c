import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Locator } from "#core/evidence.ts";
import { namedAssets } from "#core/promotion/named-assets.ts";
import { ServiceError, type Bytes } from "#core/ports.ts";
import { downloadArtifact, listArtifacts, type Artifact } from "./client/artifacts.ts";
import { downloadAsset, findRelease, type ReleaseData } from "./client/find-release.ts";
import type { GitHub } from "./client/octokit.ts";
import { unpackZip } from "./client/unpack-zip.ts";

const twentyGiB = 20 * 1024 ** 3;

/**
 * The Bytes port on GitHub's API: files of workflow artifacts and of releases, drafts included. What was found once is
 * believed to be there for the life of this adapter.
 */
export function githubBytes(github: GitHub, options: { maxBytes?: number } = {}): Bytes {
  const maxBytes = options.maxBytes ?? twentyGiB;
  const runs = new Map<number, readonly Artifact[]>();
  const releases = new Map<string, ReleaseData>();

  async function findArtifact(run: number, name: string): Promise<Artifact | undefined> {
    const known = runs.get(run)?.find((artifact) => artifact.name === name);
    if (known !== undefined) return known.expired ? undefined : known;
    // one list answers for the model and all predictions of a run
    const listed = await listArtifacts(github, run);
    runs.set(run, listed);
    return listed.find((artifact) => artifact.name === name && !artifact.expired);
  }

  async function findAssets(
    tag: string,
    name: string,
  ): Promise<readonly { path: string; asset: ReleaseData["assets"][number] }[]> {
    const release = releases.get(tag) ?? (await findRelease(github, tag));
    if (release === undefined) return [];
    if (!release.draft) releases.set(tag, release);
    return namedAssets(release.assets, name);
  }

  return {
    async available(locator) {
      switch (locator.kind) {
        case "workflow-artifact":
          return (await findArtifact(locator.run, locator.name)) !== undefined;
        case "release-asset":
          return (await findAssets(locator.tag, locator.name)).length > 0;
        case "local":
          return false;
      }
    },
    async fetch(locator: Locator, folder) {
      switch (locator.kind) {
        case "workflow-artifact": {
          const artifact = await findArtifact(locator.run, locator.name);
          return artifact && fetchArtifact(github, artifact, locator.path, folder, maxBytes);
        }
        case "release-asset": {
          const assets = await findAssets(locator.tag, locator.name);
          for (const { path, asset } of assets) {
            await mkdir(dirname(join(folder, path)), { recursive: true });
            await downloadAsset(github, asset, join(folder, path), maxBytes);
          }
          return assets.length === 0 ? undefined : assets.map(({ path }) => path);
        }
        case "local":
          return undefined;
      }
    },
  };
}

async function fetchArtifact(
  github: GitHub,
  artifact: Artifact,
  prefix: string,
  folder: string,
  maxBytes: number,
): Promise<readonly string[] | undefined> {
  const scratch = await mkdtemp(join(tmpdir(), "trainyard-artifact-"));
  try {
    const archive = join(scratch, "artifact.zip");
    await downloadArtifact(github, artifact, archive, maxBytes);
    const paths = await unpackZip(archive, prefix, folder, maxBytes);
    return paths.length === 0 ? undefined : paths;
  } catch (error) {
    // it may have expired since it was listed
    if (error instanceof ServiceError && error.code === "not-found") return undefined;
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
