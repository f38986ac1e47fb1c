import { findEnvironment } from "#sandbox/forge/deployments/environment.ts";
import type { EnvironmentRecord } from "#sandbox/forge/deployments/environment.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import type { Cancellation } from "#sandbox/actions/queue/cancellation.ts";
import type { JobRecord } from "#sandbox/actions/run/run-record.ts";

export type Decision = "approved" | "rejected";
export type Waiting = { environment: EnvironmentRecord; job: JobRecord; decide(decision: Decision): void };

/** Jobs that wait until one of their environment's reviewers has said yes. */
export type Approvals = {
  /** Resolves at once where nobody needs to be asked, as rejected when the job is cancelled. */
  ask(repo: Repo, job: JobRecord, cancellation: Cancellation, waiting: () => void): Promise<Decision>;
  of(run: number): readonly Waiting[];
};

export function createApprovals(): Approvals {
  const waiting = new Set<Waiting>();
  return {
    of: (run) => [...waiting].filter(({ job }) => job.run === run),
    async ask(repo, job, cancellation, announce) {
      const environment = job.environment === null ? undefined : findEnvironment(repo, job.environment.name);
      if (environment === undefined || environment.reviewers.length === 0) return "approved";
      let one: Waiting | undefined;
      let deaf: (() => void) | undefined;
      const decision = new Promise<Decision>((resolve) => {
        one = { environment, job, decide: resolve };
        waiting.add(one);
        announce();
        deaf = cancellation.listen(() => resolve("rejected"));
      });
      const decided = await decision;
      deaf?.();
      if (one !== undefined) waiting.delete(one);
      return decided;
    },
  };
}
