import type { Ports } from "#core/ports.ts";
import { reconcilePull } from "./reconcile-pull.ts";

/** Looks at every open pull request again, as the default branch or production moved. One that fails costs no other. */
export async function sweepPulls(ports: Ports): Promise<readonly { pull: number; problem: string }[]> {
  const { name } = await ports.repository.defaultBranch();
  const problems: { pull: number; problem: string }[] = [];
  for (const pull of await ports.pulls.openOnto(name)) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: the service counts writes a minute
      await reconcilePull(ports, pull.number, { runStarts: false, finishedRun: undefined, dispatch: true });
    } catch (error) {
      problems.push({ pull: pull.number, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return problems;
}
