import type { EvidenceStore, Ports } from "#core/ports.ts";

/**
 * The same ports to somebody who may not write, as in the run of a fork: reads are the service's, the evidence that is
 * written is kept and read here alone, and whatever others would see does not happen.
 */
export function lookOnly(ports: Ports): Ports {
  const nothing = async (): Promise<void> => await Promise.resolve();
  const { checks, comments, workflows } = ports;
  return {
    ...ports,
    checks: { find: checks.find.bind(checks), create: nothing, update: nothing },
    comments: {
      own: comments.own.bind(comments),
      create: async () => await Promise.resolve({ id: 0 }),
      update: nothing,
      remove: nothing,
    },
    evidence: keepHere(ports.evidence),
    workflows: {
      oursStart: workflows.oursStart,
      run: workflows.run.bind(workflows),
      runsOf: workflows.runsOf.bind(workflows),
      record: workflows.record.bind(workflows),
      dispatch: async () => await Promise.resolve({ run: undefined }),
      cancel: nothing,
      sayAgain: nothing,
    },
  };
}

function keepHere(store: EvidenceStore): EvidenceStore {
  const written = new Map<string, string>();
  return {
    list: async () => [...new Set([...(await store.list()), ...written.keys()])],
    read: async (path) => written.get(path) ?? (await store.read(path)),
    write: async (files) => {
      for (const [path, text] of files) written.set(path, text);
      await Promise.resolve();
    },
  };
}
