import { computeSubject } from "#core/identity/subject.ts";
import type { Version } from "#core/names.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import type { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { observeFacts, type DefaultLook } from "./default-look.ts";
import type { DefaultModel } from "#flow/observe/observe-default.ts";
import type { ModelRegistry } from "#flow/observe/read-registry.ts";
import { readReviews } from "#flow/observe/read-reviews.ts";

/**
 * What the head's inputs make while a pin holds (rulings, "Pinned"): a green run that was merged becomes a version and
 * moves no stage. Nothing else is known of it, and nothing is trained. Undefined where nobody reviewed it.
 */
export async function observeMeanwhile(
  change: Extract<ModelChange, { kind: "candidate" }>,
  { registry, evidence, look }: { registry: ModelRegistry; evidence: EvidenceReader; look: DefaultLook },
): Promise<DefaultModel | undefined> {
  const { judge: model, merged, name } = change;
  const reviews = await readReviews(look.ports, { evidence, registry, branch: look.branch }, model, merged.recipe);
  const newest = reviews.findLast(({ verdict }) => verdict !== "retired");
  if (newest?.green !== true) return undefined;
  const facts = await observeFacts(change, registry, look, undefined);
  const pin = model.promote.pin ?? "";
  const known = { change, facts, stages: [], meanwhile: { pull: newest.pull, pin } };
  const artifact = facts.candidate?.run.artifact.sha256;
  const { registered } = facts;
  const isDone = registered !== undefined && (await isSaid(registered, { registry, evidence, look }));
  if (isDone || facts.productionProblem !== undefined || artifact !== newest.artifact)
    return { ...known, decision: { kind: "current", name } };
  const { pull } = newest;
  const why = `reviewed in #${pull}, and moves nothing while ${pin} is pinned`;
  const { recipe } = merged;
  const by = newest.accepted?.by;
  if (artifact === undefined) return undefined;
  return {
    ...known,
    decision: { kind: "promote", name, artifact, recipe, registered, stages: [], pull, by, why },
  };
}

/** Do the records say that its predictions are in its release? That is said last: whoever registered it may have ended before. */
async function isSaid(
  version: Version,
  { registry, evidence, look }: { registry: ModelRegistry; evidence: EvidenceReader; look: DefaultLook },
): Promise<boolean> {
  const registered = await registry.version(version);
  if (registered === undefined || registered.evaluation === null) return true;
  const record = await evidence.predictions(registered.evaluation, computeSubject(registered));
  return record?.bytes.kind !== "workflow-artifact" || !(await look.ports.bytes.available(record.bytes));
}
