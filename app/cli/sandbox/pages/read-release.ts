import type { Repo } from "#sandbox/forge/contract.ts";
import { assetsOf, type ReleaseRecord } from "#sandbox/forge/releases/release.ts";
import type { ReleasePage, ReleaseRow, StageRow } from "#web/pages.ts";

/** Every published release, the newest first. */
export function readReleaseRows(repo: Repo, stages: readonly StageRow[]): readonly ReleaseRow[] {
  return published(repo)
    .map((release) => readRow(release, stages))
    .toReversed();
}

/** A published release by its tag. */
export async function readRelease(
  repo: Repo,
  tag: string,
  stages: readonly StageRow[],
): Promise<ReleasePage | undefined> {
  const release = published(repo).find(({ tag_name }) => tag_name === tag);
  if (release === undefined) return undefined;
  const inPath = (text: string): string => text.split("/").map(encodeURIComponent).join("/");
  const downloads = `/${inPath(repo.fullName)}/releases/download/${inPath(tag)}`;
  return {
    ...readRow(release, stages),
    commit: (await repo.git.resolve(`tags/${tag}`)) ?? release.target_commitish,
    body: release.body ?? "",
    assets: assetsOf(repo, release.id).map(({ name, size, digest }) => ({
      name,
      size,
      sha256: /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1],
      // without a token only what is public is sent
      address: repo.record.private ? undefined : `${downloads}/${encodeURIComponent(name)}`,
    })),
  };
}

export function hasRelease(repo: Repo, tag: string): boolean {
  return published(repo).some(({ tag_name }) => tag_name === tag);
}

function published(repo: Repo): ReleaseRecord[] {
  return repo
    .store<ReleaseRecord>("releases")
    .list()
    .filter(({ draft }) => !draft);
}

function readRow(release: ReleaseRecord, stages: readonly StageRow[]): ReleaseRow {
  const { tag_name, name, published_at, created_at } = release;
  return {
    tag: tag_name,
    title: name ?? tag_name,
    at: published_at ?? created_at,
    stages: stages.filter(({ standing }) => standing?.tag === tag_name).map(({ stage }) => stage),
  };
}
