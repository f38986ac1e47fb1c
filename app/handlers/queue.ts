/** Work on one repository, done one piece after the other. */
export type Job = { repository: string; key: string; work: () => Promise<void> };

export type Queue = {
  /** Takes work and returns at once. Work of the same key that has not begun is done once: the later one reads more. */
  add(job: Job): void;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
  /** What went wrong, newest last, at most 100: dead letters that a person can look at. */
  readonly problems: readonly { key: string; message: string; at: Date }[];
};

/**
 * One line a repository: events of one never meet each other half-way, and a burst about one pull request becomes one
 * reconciliation (single flight, one dirty bit). Lost on a crash, as it may be: the sweep finds what no event told.
 */
export function createQueue(onProblem: (key: string, error: unknown) => void = () => undefined): Queue {
  const lines = new Map<string, Job[]>();
  const problems: { key: string; message: string; at: Date }[] = [];
  const running = new Map<string, Promise<void>>();

  async function drain(repository: string): Promise<void> {
    const line = lines.get(repository) ?? [];
    for (let job = line.shift(); job !== undefined; job = line.shift()) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one piece after the other is the point
        await job.work();
      } catch (error) {
        problems.push({
          key: job.key,
          message: error instanceof Error ? error.message : String(error),
          at: new Date(),
        });
        if (problems.length > 100) problems.shift();
        onProblem(job.key, error);
      }
    }
    lines.delete(repository);
    running.delete(repository);
  }

  return {
    problems,
    add(job) {
      const line = lines.get(job.repository) ?? [];
      lines.set(job.repository, line);
      const waiting = line.findIndex(({ key }) => key === job.key);
      if (waiting >= 0) line[waiting] = job;
      else line.push(job);
      if (!running.has(job.repository))
        running.set(
          job.repository,
          Promise.resolve().then(async () => await drain(job.repository)),
        );
    },
    async idle() {
      // oxlint-disable-next-line no-await-in-loop -- work may add work
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
