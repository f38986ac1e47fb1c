import type { PredictionsRecord } from "#core/evidence.ts";
import type { Ports } from "#core/ports.ts";
import type { Approval, Decision } from "#core/promotion/decide.ts";
import type { Version } from "#core/names.ts";
import { predictionsAsset } from "#core/promotion/manifest.ts";
import { writeVersionTag } from "#core/registry/tag-name.ts";
import { evidencePath, EvidenceReader, writeRecord } from "#flow/evidence/evidence-reader.ts";
import { observeDefault, type ObservedDefault } from "#flow/observe/observe-default.ts";
import { promoteModel, type Freight } from "./promote-model.ts";

export type PromotionOutcome = {
  observed: ObservedDefault;
  promoted: readonly {
    model: string;
    version: string;
    moved: readonly string[];
    pull: number | undefined;
    why: string;
  }[];
};

/**
 * Brings production to what the newest head of the default branch says, as far as it has been reviewed or approved.
 * Trains nothing. What is in production already costs a few reads and no write.
 */
export async function promoteDefault(
  ports: Ports,
  freight: Freight,
  approval: Approval | undefined,
  only?: string,
): Promise<PromotionOutcome> {
  const observed = await observeDefault(ports, { approval, failures: [], expecting: false });
  const promoted: PromotionOutcome["promoted"][number][] = [];
  for (const model of observed.models) {
    if (model.decision.kind !== "promote" || (only !== undefined && model.change.name !== only)) continue;
    // oxlint-disable-next-line no-await-in-loop -- one after the other: each is a saga of writes
    promoted.push(await promote(ports, freight, observed, model, model.decision));
  }
  return { observed, promoted };
}

async function promote(
  ports: Ports,
  freight: Freight,
  observed: ObservedDefault,
  { change, facts }: ObservedDefault["models"][number],
  decision: Extract<Decision, { kind: "promote" }>,
): Promise<PromotionOutcome["promoted"][number]> {
  if (change.kind !== "candidate" || facts.candidate === undefined)
    throw new TypeError("Cannot promote what is no candidate");
  const { judge: model, exam } = change;
  const evidence = new EvidenceReader(ports.evidence);
  const known = facts.candidate;
  const predictions = await evidence.predictions(exam.evaluation, known.run.artifact.sha256);
  const done = await promoteModel(ports, freight, {
    model,
    head: observed.head,
    known,
    runPath: evidencePath.run(known.run),
    evaluation: exam.evaluation,
    predictions: predictions === undefined ? [] : [predictions],
    stages: model.promote.stages,
    pull: decision.pull,
    by: decision.by,
    why: decision.why,
  });
  await ports.evidence.write(
    await released(ports, predictions, model.name, done.version),
    `Say where the predictions of ${model.name}@${done.version} are now`,
  );
  return { model: model.name, version: done.version, moved: done.moved, pull: decision.pull, why: decision.why };
}

/** Predictions outlive the workflow's artifact: the release keeps them, and the evidence says so. */
async function released(
  ports: Ports,
  record: PredictionsRecord | undefined,
  model: string,
  version: Version,
): Promise<ReadonlyMap<string, string>> {
  if (record === undefined) return new Map();
  const [tag, name] = [writeVersionTag(model, version), predictionsAsset(record)];
  const release = await ports.releases.find(tag);
  if (release?.assets.some((asset) => asset.name === name) !== true) return new Map();
  return new Map([
    [evidencePath.predictions(record), writeRecord({ ...record, bytes: { kind: "release-asset", tag, name } })],
  ]);
}
