import type { Model } from "#core/config/config.ts";
import type { PredictionsRecord } from "#core/evidence.ts";
import type { CommitSha, Version } from "#core/names.ts";
import { assetName, manifestAsset, predictionsAsset, type Manifest } from "#core/promotion/manifest.ts";
import { ServiceError, type Ports, type Release } from "#core/ports.ts";
import { nextVersion } from "#core/registry/version.ts";
import { writeStageTag, writeVersionTag } from "#core/registry/tag-name.ts";
import { writeAssignment, writeRegistration, type Assignment } from "#core/registry/tag-message.ts";
import { renderReleaseNotes } from "#core/message/render-release-notes.ts";
import type { KnownRun } from "#core/plan/model-facts.ts";
import { readRegistry, type ModelRegistry } from "#flow/observe/read-registry.ts";

/** Files on this machine, verified: what a promotion moves. */
export type Freight = {
  /** Fetches a run's model into a folder of its own and checks every file against the run's digests. */
  fetchModel(known: KnownRun): Promise<readonly { path: string; file: string; sha256: string }[]>;
  /** Fetches one file and checks its digest; undefined where it cannot be had any more. */
  fetchFile(record: PredictionsRecord): Promise<string | undefined>;
  /** Writes text to a file and says where. */
  writeText(name: string, text: string): Promise<{ file: string; sha256: string }>;
};

export type Promotion = {
  model: Model;
  head: CommitSha;
  known: KnownRun;
  runPath: string;
  evaluation: string | null;
  predictions: readonly PredictionsRecord[];
  stages: readonly string[];
  pull: number | undefined;
  by: string | undefined;
  why: string;
};

type Needed = Pick<Ports, "tags" | "releases" | "deployments" | "now">;

/**
 * Moves exactly these bytes to the stages: draft release, assets by digest, version tag, publish, stage tag, deployment.
 * Every step looks before it acts, so that whoever comes next after a crash finishes the work; a version that exists is
 * used as it is. Answers the version and the moves that this call made.
 */
export async function promoteModel(
  ports: Needed,
  freight: Freight,
  promotion: Promotion,
): Promise<{ version: Version; moved: readonly string[] }> {
  const { model, known } = promotion;
  const registered = await (await readRegistry(ports.tags, model.name)).ofRecipe(known.run.recipe);
  const version = registered?.version ?? (await register(ports, freight, promotion));
  const release = await ports.releases.find(writeVersionTag(model.name, version));
  // A crash between the version tag and publishing leaves a draft behind.
  if (release?.draft === true) await ports.releases.publish(release.id);
  const moved: string[] = [];
  for (const stage of promotion.stages) {
    // oxlint-disable-next-line no-await-in-loop -- stages have an order
    if (await assign(ports, promotion, version, stage)) moved.push(stage);
  }
  return { version, moved };
}

async function register(ports: Needed, freight: Freight, promotion: Promotion): Promise<Version> {
  const { model, known, head } = promotion;
  for (let attempt = 0; attempt < 5; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- a lost race is read again
    const registry = await readRegistry(ports.tags, model.name);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const already = await registry.ofRecipe(known.run.recipe);
    if (already !== undefined) return already.version;
    const version = nextVersion(registry.versions, model.promote.bump);
    const tag = writeVersionTag(model.name, version);
    // oxlint-disable-next-line no-await-in-loop -- the bytes are safe before the tag says so
    const release = await fillDraft(ports, freight, promotion, version);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const date = await nextDate(ports, registry);
    const facts = {
      recipe: known.run.recipe,
      artifact: known.run.artifact.sha256,
      run: promotion.runPath,
      evaluation: promotion.evaluation,
      pull: promotion.pull ?? null,
    };
    // oxlint-disable-next-line no-await-in-loop -- see above
    const made = await ports.tags.create({
      name: tag,
      target: head,
      message: writeRegistration(model.name, version, facts),
      date,
    });
    if (made === "exists") continue;
    // oxlint-disable-next-line no-await-in-loop -- see above
    if (release.draft) await ports.releases.publish(release.id);
    return version;
  }
  throw new ServiceError(
    "conflict",
    `Cannot register a version of "${model.name}": somebody else took five numbers in a row. Run the promotion again`,
  );
}

/** A draft release that holds exactly this run's files. Files of somebody else's unfinished draft are replaced. */
async function fillDraft(ports: Needed, freight: Freight, promotion: Promotion, version: Version): Promise<Release> {
  const { model, known, head } = promotion;
  const tag = writeVersionTag(model.name, version);
  const files = await gather(freight, promotion, version);
  let release = await ports.releases.find(tag);
  release ??= await ports.releases.createDraft({
    tag,
    target: head,
    title: `${model.name} ${version}`,
    body: renderReleaseNotes(model.name, version, known.run, promotion.pull),
  });
  for (const asset of release.assets) {
    const wanted = files.find(({ name }) => name === asset.name);
    if (wanted !== undefined && (asset.sha256 === undefined || asset.sha256 === wanted.sha256)) continue;
    if (!release.draft) {
      throw new ServiceError(
        "conflict",
        `Cannot promote "${tag}": its published release holds other bytes in "${asset.name}". Delete the release, or the version's number is lost: set "bump" in the config`,
      );
    }
    // oxlint-disable-next-line no-await-in-loop -- one asset after the other
    await ports.releases.removeAsset(release.id, asset.name);
  }
  for (const file of files) {
    const there = release.assets.find(
      ({ name, sha256 }) => name === file.name && (sha256 === undefined || sha256 === file.sha256),
    );
    // oxlint-disable-next-line no-await-in-loop -- one asset after the other
    if (there === undefined) await ports.releases.upload(release.id, file.name, file.file);
  }
  await verify(ports, tag, files);
  return release;
}

async function gather(
  freight: Freight,
  promotion: Promotion,
  version: Version,
): Promise<readonly { name: string; file: string; sha256: string }[]> {
  const { model, known } = promotion;
  const moved = await freight.fetchModel(known);
  const files = moved.map(({ path, file, sha256 }) => ({ name: assetName(path), file, sha256 }));
  const predictions: PredictionsRecord[] = [];
  for (const record of promotion.predictions) {
    // oxlint-disable-next-line no-await-in-loop -- one or two files
    const file = await freight.fetchFile(record);
    if (file === undefined) continue;
    const name = predictionsAsset(record);
    files.push({ name, file, sha256: record.sha256 });
    predictions.push({ ...record, bytes: { kind: "release-asset", tag: writeVersionTag(model.name, version), name } });
  }
  const manifest: Manifest = {
    schema: "trainyard/version/1",
    model: model.name,
    version,
    recipe: known.run.recipe,
    modelPath: model.train.model,
    run: known.run,
    predictions,
  };
  const text = await freight.writeText(manifestAsset, `${JSON.stringify(manifest, null, 1)}\n`);
  return [...files, { name: manifestAsset, ...text }];
}

/** What the service holds must be what was reviewed, before any tag says so. */
async function verify(ports: Needed, tag: string, files: readonly { name: string; sha256: string }[]): Promise<void> {
  const release = await ports.releases.find(tag);
  for (const { name, sha256 } of files) {
    const asset = release?.assets.find((entry) => entry.name === name);
    if (asset === undefined)
      throw new ServiceError(
        "broken",
        `Cannot promote "${tag}": its asset "${name}" is gone after the upload. Run the promotion again`,
      );
    if (asset.sha256 !== undefined && asset.sha256 !== sha256) {
      throw new ServiceError(
        "broken",
        `Cannot promote "${tag}": its asset "${name}" has SHA-256 ${asset.sha256}, reviewed was ${sha256}. Run the promotion again`,
      );
    }
  }
}

/** Puts the version at a stage unless it stands there. Answers whether this call moved it. */
async function assign(ports: Needed, promotion: Promotion, version: Version, stage: string): Promise<boolean> {
  const { model } = promotion;
  for (let attempt = 0; attempt < 5; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- a lost race is read again
    const registry = await readRegistry(ports.tags, model.name);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const { standing, problem } = await registry.standing(stage);
    if (problem !== undefined) throw new ServiceError("conflict", problem);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const registered = await registry.version(version);
    if (registered === undefined) {
      throw new ServiceError(
        "conflict",
        `Cannot promote "${model.name}@${version}": its tag was not made by Trainyard or is gone`,
      );
    }
    if (standing?.version === version) {
      // oxlint-disable-next-line no-await-in-loop -- a crash after the tag leaves the deployment unsaid
      await deploy(ports, promotion, version, registered.commit, stage);
      return false;
    }
    const { recipe, artifact, run, evaluation } = registered;
    const facts: Assignment = {
      recipe,
      artifact,
      run,
      evaluation,
      pull: promotion.pull ?? null,
      version,
      by: promotion.by ?? null,
      why: promotion.why.slice(0, 1_000),
    };
    const name = writeStageTag(model.name, stage, registry.tags.nextCounter);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const date = await nextDate(ports, registry);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const made = await ports.tags.create({
      name,
      target: registered.commit,
      message: writeAssignment(model.name, stage, facts),
      date,
    });
    if (made === "exists") continue;
    // oxlint-disable-next-line no-await-in-loop -- see above
    await deploy(ports, promotion, version, registered.commit, stage);
    return true;
  }
  throw new ServiceError(
    "conflict",
    `Cannot move "${model.name}" at "${stage}": somebody else took five numbers in a row. Run the promotion again`,
  );
}

async function deploy(
  ports: Needed,
  promotion: Promotion,
  version: Version,
  ref: CommitSha,
  stage: string,
): Promise<void> {
  const { model } = promotion;
  const environment = stage === model.promote.stages.at(-1) ? (model.promote.environment ?? stage) : stage;
  await ports.deployments.record({
    environment,
    ref,
    version: `${model.name}@${version}`,
    description: promotion.why.slice(0, 140),
  });
}

/** Tagger dates grow by at least a second from tag to tag: GTO orders by them. */
async function nextDate(ports: Needed, registry: ModelRegistry): Promise<Date> {
  const newest = await registry.newestDate();
  const now = Math.floor(ports.now().getTime() / 1_000) * 1_000;
  return new Date(newest === undefined ? now : Math.max(now, newest.getTime() + 1_000));
}
