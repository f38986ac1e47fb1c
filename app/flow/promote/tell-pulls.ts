import { isShipped, renderShipped, type Shipped } from "#core/message/render-shipped.ts";
import type { Ports } from "#core/ports.ts";
import type { ObservedDefault } from "#flow/observe/observe-default.ts";
import { upsertComment } from "#flow/pull/upsert-comment.ts";

/** Tells the pull requests behind what stands at the stages what came of them, in one comment each, edited in place. */
export async function tellPulls(ports: Pick<Ports, "comments">, observed: ObservedDefault): Promise<void> {
  const told = new Map<number, Shipped[]>();
  for (const { change, stages } of observed.models) {
    for (const { standing } of stages) {
      if (standing === undefined || standing.pull === null) continue;
      const shipped = told.get(standing.pull) ?? [];
      told.set(standing.pull, shipped);
      const { version, artifact, stage } = standing;
      const same = shipped.find((one) => one.model === change.name && one.version === version);
      if (same === undefined) shipped.push({ model: change.name, version, stages: [stage], artifact });
      else same.stages.push(stage);
    }
  }
  for (const [pull, shipped] of told) {
    // oxlint-disable-next-line no-await-in-loop -- one pull request, nearly always
    await upsertComment(ports.comments, pull, isShipped, renderShipped(shipped));
  }
}
