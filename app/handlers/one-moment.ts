import type { Checks, Ports, PullRequest, TagRef, WorkflowRun } from "#core/ports.ts";

/**
 * Ports for one piece of work, which sees one moment: what may move (the default branch, pull requests, checks, tags,
 * evidence, runs by their numbers) is read once, and checks and evidence again after what this work has written itself. What moves meanwhile is
 * another event's.
 */
export function atOneMoment(ports: Ports): Ports {
  const { repository, pulls, checks, tags, evidence, workflows } = ports;
  const pullsRead = new Map<number, Promise<PullRequest>>();
  const pullsOfCommits = new Map<string, ReturnType<typeof pulls.ofCommit>>();
  const runsRead = new Map<number, Promise<WorkflowRun | undefined>>();
  const messagesRead = new Map<number, ReturnType<typeof pulls.messages>>();
  const checksFound = new Map<string, ReturnType<Checks["find"]>>();
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
      ofCommit: async (sha) => await remember(pullsOfCommits, sha, async () => await pulls.ofCommit(sha)),
      messages: async (number) => await remember(messagesRead, number, async () => await pulls.messages(number)),
    },
    checks: {
      find: async (sha) => await remember(checksFound, sha, async () => await checks.find(sha)),
      async create(sha, check) {
        checksFound.clear();
        await checks.create(sha, check);
      },
      async update(id, check) {
        checksFound.clear();
        await checks.update(id, check);
      },
    },
    tags: { ...tags, list: async (prefix) => await remember(tagsListed, prefix, async () => await tags.list(prefix)) },
    workflows: { ...workflows, run: async (id) => await remember(runsRead, id, async () => await workflows.run(id)) },
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
