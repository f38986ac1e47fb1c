import { backOff, realClock, type QueueClock } from "./back-off.ts";

/** Work on one repository, done one piece after the other. */
export type Job = {
  repository: string;
  key: string;
  /** reads anew each time that it is tried: what an attempt has read is old by the next one */
  work: () => Promise<void>;
  /** does nothing where work of the same key waits already: that knows more */
  yields?: boolean;
  /** what is done when it is given up, so that nobody waits for it for ever */
  giveUp?: (error: unknown) => Promise<void>;
};

/** Work that was given up: a person can look at it. */
export type DeadLetter = { repository: string; key: string; attempts: number; message: string; at: Date };

export type Queue = {
  /** Takes work and returns at once. Work of the same key that waits is done once: the later one reads more. */
  add(job: Job): void;
  /** Resolves when nothing is left to do; with a repository, when its line is empty, what is tried again later left out. */
  idle(repository?: string): Promise<void>;
  /** Tries nothing again any more, and resolves when the lines are empty. */
  stop(): Promise<void>;
  /** What was given up, newest last, at most 100. */
  readonly problems: readonly DeadLetter[];
};

export type QueueOptions = {
  /** told of what was given up */
  onProblem?: ((key: string, error: unknown) => void) | undefined;
  clock?: QueueClock;
  /** the first wait after a failure (default 5 s) */
  backOffMs?: number | undefined;
};

type Entry = { job: Job; attempt: number };

/**
 * One line a repository: events of one never meet each other half-way, and a burst about one pull request becomes one
 * reconciliation (single flight, one dirty bit). What may pass is tried again, later and later; what a limit refused
 * holds its line until the limit is over. Lost on a crash, as it may be: the sweep finds what no event told.
 */
export function createQueue(options: QueueOptions = {}): Queue {
  const { onProblem = () => undefined, clock = realClock, backOffMs = 5_000 } = options;
  const lines = new Map<string, Entry[]>();
  const problems: DeadLetter[] = [];
  const running = new Map<string, Promise<void>>();
  const later = new Map<string, { cancel: () => void; done: Promise<void> }>();
  const stopping = new AbortController();

  const idOf = ({ repository, key }: Job): string => `${repository} ${key}`;

  function push(entry: Entry): void {
    const { repository, key } = entry.job;
    const line = lines.get(repository) ?? [];
    lines.set(repository, line);
    const waiting = line.findIndex(({ job }) => job.key === key);
    if (waiting >= 0) line[waiting] = entry;
    else line.push(entry);
    if (!running.has(repository))
      running.set(
        repository,
        Promise.resolve().then(async () => await drain(repository)),
      );
  }

  async function drain(repository: string): Promise<void> {
    const line = lines.get(repository) ?? [];
    for (let entry = line.shift(); entry !== undefined; entry = line.shift()) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one piece after the other is the point
        await entry.job.work();
      } catch (error) {
        // oxlint-disable-next-line no-await-in-loop -- see above
        await recover(entry, error, line);
      }
    }
    lines.delete(repository);
    running.delete(repository);
  }

  async function recover({ job, attempt }: Entry, error: unknown, line: Entry[]): Promise<void> {
    const pause = stopping.signal.aborted ? undefined : backOff(error, attempt, backOffMs, clock);
    if (pause === undefined) return await bury({ job, attempt }, error);
    const next = { job, attempt: attempt + 1 };
    if (pause.holds) {
      await clock.wait(pause.milliseconds, stopping.signal);
      if (!line.some(({ job: { key } }) => key === job.key)) line.unshift(next);
      return;
    }
    // work of the same key that came meanwhile reads what this would have
    if (!line.some(({ job: { key } }) => key === job.key)) tryLater(next, pause.milliseconds);
  }

  function tryLater(entry: Entry, milliseconds: number): void {
    const cancelled = new AbortController();
    const signal = AbortSignal.any([stopping.signal, cancelled.signal]);
    const done = clock.wait(milliseconds, signal).then(() => {
      if (cancelled.signal.aborted) return;
      later.delete(idOf(entry.job));
      if (!stopping.signal.aborted) push(entry);
    });
    later.set(idOf(entry.job), { cancel: () => cancelled.abort(), done });
  }

  async function bury({ job, attempt }: Entry, error: unknown): Promise<void> {
    const { repository, key } = job;
    const message = error instanceof Error ? error.message : String(error);
    problems.push({ repository, key, attempts: attempt, message, at: clock.now() });
    if (problems.length > 100) problems.shift();
    onProblem(key, error);
    try {
      await job.giveUp?.(error);
    } catch (again) {
      onProblem(`${key}, giving it up`, again);
    }
  }

  return {
    problems,
    add(job) {
      const waits = later.get(idOf(job));
      const isWaiting = waits !== undefined || lines.get(job.repository)?.some((entry) => entry.job.key === job.key);
      if (job.yields === true && isWaiting === true) return;
      waits?.cancel();
      later.delete(idOf(job));
      push({ job, attempt: 1 });
    },
    async idle(repository) {
      if (repository !== undefined) return await running.get(repository);
      // oxlint-disable-next-line no-await-in-loop -- work may add work
      while (running.size + later.size > 0) await Promise.all([...running.values(), ...waits()]);
    },
    async stop() {
      stopping.abort();
      // oxlint-disable-next-line no-await-in-loop -- work may add work
      while (running.size > 0) await Promise.all(running.values());
      later.clear();
    },
  };

  function waits(): Promise<void>[] {
    return [...later.values()].map(({ done }) => done);
  }
}
