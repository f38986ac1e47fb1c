import type { PullAnswer } from "#flow/pull/reconcile-pull.ts";

/** Heads of which is known that no model changes: the runs that they started have nothing to say. */
export type Unaffected = {
  note(repository: string, answer: PullAnswer): void;
  has(repository: string, head: string): boolean;
  /** The default branch of a repository moved: nothing is known any more. */
  forget(repository: string): void;
};

const most = 10_000;

/** Remembers in this process only: without it, a run that has ended is looked at, and found to say nothing. */
export function createUnaffected(): Unaffected {
  const heads = new Set<string>();
  const key = (repository: string, head: string): string => `${repository} ${head}`;
  return {
    note(repository, { observed, models }) {
      const entry = key(repository, observed.pull.head.sha);
      heads.delete(entry);
      if (observed.outcome.kind !== "models" || models.some(({ change }) => change.kind !== "not_affected")) return;
      heads.add(entry);
      const [oldest] = heads;
      if (heads.size > most && oldest !== undefined) heads.delete(oldest);
    },
    has: (repository, head) => heads.has(key(repository, head)),
    forget(repository) {
      for (const entry of heads) if (entry.startsWith(`${repository} `)) heads.delete(entry);
    },
  };
}
