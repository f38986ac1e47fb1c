import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { digest } from "#core/canonical.ts";
import { listTree } from "#git/list-tree.ts";
import { readRef } from "#git/move-ref.ts";
import type { LocalWorld } from "./local-world.ts";

/** All that the outside can see of a world, in a form that compares. */
export type State = {
  tags: Readonly<Record<string, { target: string; message: string; date: string }>>;
  releases: readonly { tag: string; draft: boolean; title: string; body: string; assets: readonly string[] }[];
  deployments: readonly string[];
  evidence: Readonly<Record<string, string>>;
  conversation: unknown;
};

export async function readState(world: LocalWorld): Promise<State> {
  const ports = world.ports();
  const git = world.git();
  const tags = await Promise.all(
    (await ports.tags.list("")).map(async ({ name, object }) => {
      const tag = await ports.tags.read(object);
      return [name, { target: tag?.target ?? "", message: tag?.message ?? "", date: tag?.date.toISOString() ?? "" }];
    }),
  );
  const branch = await readRef(git, "refs/heads/trainyard");
  const records = branch === undefined ? [] : [...(await listTree(git, branch)).values()];
  const evidence = await Promise.all(
    records.map(async ({ path, blob }) => [path, new TextDecoder().decode(await ports.repository.blob(blob))]),
  );
  const { checks, comments, issues, deployments, dispatches } = world.memory;
  return {
    tags: Object.fromEntries(tags),
    releases: await readReleases(join(world.folder, "releases")),
    deployments: deployments.map(({ environment, ref, version, state }) => `${environment} ${ref} ${version} ${state}`),
    evidence: Object.fromEntries(evidence),
    conversation: {
      checks: checks.map(({ head, check }) => ({ head, check })),
      comments: comments.map(({ issue, body }) => ({ issue, body })),
      issues: issues.map(({ title, body, state }) => ({ title, body, state })),
      dispatches,
    },
  };
}

type ReleaseState = State["releases"][number];

async function readReleases(folder: string): Promise<readonly ReleaseState[]> {
  const ids = (await readdir(folder).catch(() => [])).toSorted((a, b) => Number(a) - Number(b));
  return await Promise.all(
    ids.map(async (id): Promise<ReleaseState> => {
      const { tag, draft, title, body }: ReleaseState = JSON.parse(
        await readFile(join(folder, id, "release.json"), "utf8"),
      );
      const names = (await readdir(join(folder, id, "assets"))).toSorted();
      const assets = names.map(async (name) => `${name} ${digest(await readFile(join(folder, id, "assets", name)))}`);
      return { tag, draft, title, body, assets: await Promise.all(assets) };
    }),
  );
}
