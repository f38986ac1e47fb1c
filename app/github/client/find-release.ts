import { ask, askMaybe } from "./explain-error.ts";
import { download, downloading } from "./download.ts";
import { at, type GitHub } from "./octokit.ts";

export type AssetData = { id: number; name: string; size: number; digest: string | undefined };
export type ReleaseData = {
  id: number;
  tag: string;
  draft: boolean;
  title: string;
  body: string;
  url: string;
  uploadUrl: string;
  /** those that arrived whole */
  assets: readonly AssetData[];
  /** uploads that broke off: they are no assets, but block their names */
  broken: readonly AssetData[];
};

type Answer = {
  id: number | bigint;
  tag_name: string;
  draft: boolean;
  name: string | null;
  body?: string | null;
  html_url: string;
  upload_url: string;
  assets: readonly { id: number | bigint; name: string; size: number; state: string; digest?: string | null }[];
};

/** A release by its tag: a published one in one request, else a draft, the oldest where there are several. */
export async function findRelease(github: GitHub, tag: string): Promise<ReleaseData | undefined> {
  const act = { act: `read the release "${tag}" of "${github.owner}/${github.repo}"`, permission: "contents: read" };
  const published = await askMaybe(act, async () =>
    github.octokit.request("GET /repos/{owner}/{repo}/releases/tags/{tag}", { ...at(github), tag }),
  );
  return published === undefined ? findDraft(github, tag) : readRelease(published.data);
}

/** The same for a release that is probably a draft: they are found by listing only, newest first. */
export async function findDraft(github: GitHub, tag: string): Promise<ReleaseData | undefined> {
  const act = { act: `list the releases of "${github.owner}/${github.repo}"`, permission: "contents: write" };
  const found = await ask(act, async () =>
    github.octokit.paginate(
      "GET /repos/{owner}/{repo}/releases",
      { ...at(github), per_page: 100 },
      ({ data }, done) => {
        const matching = data.filter((release) => release.tag_name === tag);
        if (matching.length > 0) done();
        return matching;
      },
    ),
  );
  const releases = found.map(readRelease).toSorted((a, b) => a.id - b.id);
  return releases.find((release) => !release.draft) ?? releases[0];
}

export function readRelease(data: Answer): ReleaseData {
  const asset = ({ id, name, size, digest }: Answer["assets"][number]): AssetData => ({
    id: Number(id),
    name,
    size,
    digest: digest ?? undefined,
  });
  return {
    id: Number(data.id),
    tag: data.tag_name,
    draft: data.draft,
    title: data.name ?? "",
    body: data.body ?? "",
    url: data.html_url,
    uploadUrl: data.upload_url,
    assets: data.assets.filter(({ state }) => state === "uploaded").map(asset),
    broken: data.assets.filter(({ state }) => state !== "uploaded").map(asset),
  };
}

export async function downloadAsset(github: GitHub, asset: AssetData, to: string, maxBytes: number): Promise<void> {
  const act = {
    act: `download the asset "${asset.name}" of "${github.owner}/${github.repo}"`,
    permission: "contents: read",
  };
  await download({ act, to, maxBytes }, async () =>
    github.octokit.request("GET /repos/{owner}/{repo}/releases/assets/{asset_id}", {
      ...at(github),
      asset_id: asset.id,
      headers: { accept: "application/octet-stream" },
      request: downloading,
    }),
  );
}
