import * as core from "@actions/core";
import type { Approval } from "#core/promotion/decide.ts";
import { promoteDefault, type PromotionOutcome } from "#flow/promote/promote-default.ts";
import { diskFreight } from "#disk/disk-freight.ts";
import type { Job } from "#actions/job.ts";
import { say } from "#actions/say.ts";

/** Promotes what the default branch asks for, or only this model, with the bytes going through this machine. */
export async function promoteHere(
  job: Job,
  approval: Approval | undefined,
  only: string | undefined,
): Promise<PromotionOutcome["promoted"]> {
  const { promoted, observed } = await promoteDefault(
    job.ports,
    diskFreight(job.ports.bytes, job.folder),
    approval,
    only,
  );
  for (const { model, version, moved, why } of promoted) {
    core.notice(
      `${model}@${version}: ${moved.length === 0 ? "stands already" : `moved to ${moved.join(", ")}`} (${why})`,
    );
  }
  if (promoted.length === 0) say(`Nothing to promote at ${observed.head}.`);
  return promoted;
}
