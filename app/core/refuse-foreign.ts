import { ServiceError } from "./ports.ts";

const folders = /^(?:runs|predictions|comparisons|data|reviews|acceptances|moves|drift|nights|snoozes)\//;

/**
 * The branch that keeps the evidence is ours alone: one that somebody works on is not written to. Takes the paths that
 * it holds; files at its top (a README, say) are nobody's matter.
 */
export function refuseForeign(branch: string, paths: Iterable<string>): void {
  for (const path of paths) {
    if (!path.includes("/") || folders.test(path)) continue;
    throw new ServiceError(
      "refused",
      `Cannot keep evidence on the branch "${branch}": it holds "${path.slice(0, 200)}", which is somebody's work. Rename that branch: Trainyard keeps what it knows on a branch of this name`,
    );
  }
}
