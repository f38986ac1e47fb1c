import type { Ports } from "#core/ports.ts";
import { reconcilePull } from "./reconcile-pull.ts";

/** A pull request that could not be looked at. */
export type SweepProblem = { pull: number; error: unknown };

/** Looks at every open pull request again, as the default branch or production moved. One that fails costs no other. */
export async function sweepPulls(ports: Ports): Promise<readonly SweepProblem[]> {
  const { name } = await ports.repository.defaultBranch();
  const problems: SweepProblem[] = [];
  for (const pull of await ports.pulls.openOnto(name)) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: the service counts writes a minute
      await reconcilePull(ports, pull.number, { runStarts: false, finishedRun: undefined, dispatch: true });
    } catch (error) {
      problems.push({ pull: pull.number, error });
    }
  }
  return problems;
}
