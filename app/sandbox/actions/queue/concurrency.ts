/** Whoever waits for or holds a concurrency group of a repository. */
export type Claim = {
  /** repository and group; case does not matter */
  group: string;
  cancelInProgress: boolean;
  /** "max": wait in line, up to 100; "single": the newest waits, the one before it is cancelled */
  queue: "single" | "max";
  cancel(reason: string): void;
};

export type ConcurrencyGroups = {
  /** Resolves with how to let go when it is this claim's turn; undefined when another took its place meanwhile. */
  acquire(claim: Claim, waiting: () => void): Promise<(() => void) | undefined>;
  /** Takes a waiting claim out. */
  withdraw(claim: Claim): void;
};

type Waiter = { claim: Claim; settle(release: (() => void) | undefined): void };
type Group = { holder: Claim | undefined; waiters: Waiter[] };

const queueLimit = 100;

/** GitHub's rules: one runs, one waits, a newer one replaces the one that waits (or stands in line behind it). */
export function createConcurrencyGroups(): ConcurrencyGroups {
  const groups = new Map<string, Group>();

  const advance = (key: string, group: Group): void => {
    if (group.holder !== undefined) return;
    const next = group.waiters.shift();
    if (next === undefined) {
      groups.delete(key);
      return;
    }
    group.holder = next.claim;
    next.settle(() => {
      if (group.holder !== next.claim) return;
      group.holder = undefined;
      advance(key, group);
    });
  };

  const drop = (group: Group, waiter: Waiter): void => {
    group.waiters = group.waiters.filter((other) => other !== waiter);
    waiter.settle(undefined);
  };

  return {
    acquire: (claim, waiting) =>
      new Promise((resolve) => {
        const key = claim.group.toLowerCase();
        const group = groups.get(key) ?? { holder: undefined, waiters: [] };
        groups.set(key, group);
        const waiter = { claim, settle: resolve };
        if (claim.queue === "single") {
          for (const other of group.waiters) {
            drop(group, other);
            other.claim.cancel(`Canceling since a higher priority waiting request for '${claim.group}' exists`);
          }
        } else if (group.waiters.length >= queueLimit) {
          claim.cancel(`Canceling since ${queueLimit} requests wait for '${claim.group}' already`);
          resolve(undefined);
          return;
        }
        group.waiters.push(waiter);
        if (group.holder !== undefined) {
          waiting();
          if (claim.cancelInProgress) {
            group.holder.cancel(`Canceling since a higher priority waiting request for '${claim.group}' exists`);
          }
        }
        advance(key, group);
      }),
    withdraw(claim) {
      const group = groups.get(claim.group.toLowerCase());
      const waiter = group?.waiters.find((other) => other.claim === claim);
      if (group !== undefined && waiter !== undefined) drop(group, waiter);
    },
  };
}
