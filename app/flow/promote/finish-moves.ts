import type { Model } from "#core/config/config.ts";
import { moveSchema, type Move, type PredictionsRecord } from "#core/evidence.ts";
import { computeSubject } from "#core/identity/subject.ts";
import { predictionsAsset } from "#core/promotion/manifest.ts";
import type { Version } from "#core/names.ts";
import type { Ports } from "#core/ports.ts";
import { writeVersionTag } from "#core/registry/tag-name.ts";
import type { Standing } from "#core/registry/registry.ts";
import { evidencePath, EvidenceReader, writeRecord } from "#flow/evidence/evidence-reader.ts";
import type { Registration } from "./register-version.ts";

/**
 * Says what moves have come of: deployments first, then, in one commit, where the predictions are now and that all of it
 * is said. A move without its record is finished by whoever comes next.
 */
export async function finishMoves(
  ports: Pick<Ports, "deployments" | "releases" | "evidence">,
  model: Model,
  moves: readonly Standing[],
): Promise<void> {
  if (moves.length === 0) return;
  const files = new Map<string, string>();
  const evidence = new EvidenceReader(ports.evidence);
  for (const standing of moves) {
    // oxlint-disable-next-line no-await-in-loop -- stages have an order
    await deploy(ports, model, standing);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const released = await findReleased(ports, evidence, standing);
    if (released !== undefined) files.set(evidencePath.predictions(released), writeRecord(released));
    files.set(evidencePath.move(model.name, standing), writeRecord(describeMove(model, standing)));
  }
  const said = moves.map(({ version, stage }) => `${model.name}@${version} stands at ${stage}`);
  await ports.evidence.write(files, `Say that ${said.join(", ")}`);
}

/** What is registered and moves nowhere has nothing to say but where its predictions are now: it is the last step. */
export async function sayRegistered(
  ports: Pick<Ports, "releases" | "evidence">,
  { model, known: { run }, evaluation }: Registration,
  version: Version,
): Promise<void> {
  const { recipe } = run;
  const about = { evaluation, artifact: run.artifact.sha256, recipe, tag: writeVersionTag(model.name, version) };
  const released = await findReleased(ports, new EvidenceReader(ports.evidence), about);
  if (released === undefined) return;
  const files = new Map([[evidencePath.predictions(released), writeRecord(released)]]);
  await ports.evidence.write(files, `Say where the predictions of ${model.name}@${version} are`);
}

async function deploy(ports: Pick<Ports, "deployments">, model: Model, standing: Standing): Promise<void> {
  const { stage, version, commit, why } = standing;
  const environment = environmentOf(model, stage) ?? stage;
  await ports.deployments.record({
    environment,
    ref: commit,
    version: `${model.name}@${version}`,
    description: why.slice(0, 140),
  });
}

/** The environment whose protection rules a move to this stage waits for: the config names that of the last one. */
export function environmentOf({ promote }: Model, stage: string | undefined): string | undefined {
  return stage !== undefined && stage === promote.stages.at(-1) ? promote.environment : undefined;
}

/** Predictions outlive the workflow's artifact: the release keeps them, and the evidence says so. */
async function findReleased(
  ports: Pick<Ports, "releases">,
  evidence: EvidenceReader,
  { evaluation, artifact, recipe, tag }: Pick<Standing, "evaluation" | "artifact" | "recipe" | "tag">,
): Promise<PredictionsRecord | undefined> {
  const record =
    evaluation === null ? undefined : await evidence.predictions(evaluation, computeSubject({ artifact, recipe }));
  if (record === undefined) return undefined;
  const name = predictionsAsset(record);
  if (record.bytes.kind === "release-asset" && record.bytes.tag === tag) return undefined;
  const release = await ports.releases.find(tag);
  if (release?.assets.some((asset) => asset.name === name) !== true) return undefined;
  return { ...record, bytes: { kind: "release-asset", tag, name } };
}

function describeMove(model: Model, standing: Standing): Move {
  const { version, stage, counter, commit, recipe, artifact, pull, by, why, since } = standing;
  const at = since.toISOString();
  const about = { model: model.name, version, stage, counter, commit, recipe, artifact };
  return moveSchema.parse({ schema: "trainyard/move/1", ...about, pull, by, why, at });
}
