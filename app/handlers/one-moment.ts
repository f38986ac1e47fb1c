import type { Ports, PullRequest, TagRef } from "#core/ports.ts";

/**
 * Ports for one piece of work, which sees one moment: what may move (the default branch, pull requests, tags, evidence)
 * is read once, and evidence again after what this work has written itself. What moves meanwhile is another event's.
 */
export function atOneMoment(ports: Ports): Ports {
  const { repository, pulls, tags, evidence } = ports;
  const pullsRead = new Map<number, Promise<PullRequest>>();
  const tagsListed = new Map<string, Promise<readonly TagRef[]>>();
  let head: ReturnType<typeof repository.defaultBranch> | undefined;
  let paths: Promise<readonly string[]> | undefined;
  return {
    ...ports,
    repository: { ...repository, defaultBranch: async () => await (head ??= repository.defaultBranch()) },
    pulls: {
      ...pulls,
      get: async (number) => await remember(pullsRead, number, async () => await pulls.get(number)),
      async getSettled(number) {
        const settled = pulls.getSettled(number);
        pullsRead.set(number, settled);
        return await settled;
      },
    },
    tags: { ...tags, list: async (prefix) => await remember(tagsListed, prefix, async () => await tags.list(prefix)) },
    evidence: {
      ...evidence,
      list: async () => await (paths ??= evidence.list()),
      async write(files, message) {
        await evidence.write(files, message);
        paths = undefined;
      },
    },
  };
}

async function remember<K, T>(known: Map<K, Promise<T>>, key: K, read: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? read();
  known.set(key, found);
  return await found;
}
