import type { Model } from "#core/config/config.ts";
import type { PredictionsRecord } from "#core/evidence.ts";
import { renderReleaseNotes } from "#core/message/render-release-notes.ts";
import type { CommitSha, Version } from "#core/names.ts";
import type { KnownRun } from "#core/plan/model-facts.ts";
import { ServiceError, type Ports, type Release } from "#core/ports.ts";
import { assetName, manifestAsset, predictionsAsset, type Manifest } from "#core/promotion/manifest.ts";
import { writeRegistration } from "#core/registry/tag-message.ts";
import { writeVersionTag } from "#core/registry/tag-name.ts";
import { nextVersion } from "#core/registry/version.ts";
import { readRegistry, type ModelRegistry } from "#flow/observe/read-registry.ts";
import { nextDate } from "./move-stage.ts";

/** Files on this machine, verified: what a promotion moves. */
export type Freight = {
  /** Fetches a run's model into a folder of its own and checks every file against the run's digests. */
  fetchModel(known: KnownRun): Promise<readonly { path: string; file: string; sha256: string }[]>;
  /** Fetches one file and checks its digest; undefined where it cannot be had any more. */
  fetchFile(record: PredictionsRecord): Promise<string | undefined>;
  /** Writes text to a file and says where. */
  writeText(name: string, text: string): Promise<{ file: string; sha256: string }>;
};

/** A run that is to become a version on this commit. */
export type Registration = {
  model: Model;
  head: CommitSha;
  known: KnownRun;
  runPath: string;
  evaluation: string | null;
  predictions: readonly PredictionsRecord[];
  pull: number | undefined;
};

type Needed = Pick<Ports, "tags" | "releases" | "now">;
type File = { name: string; file: string; sha256: string };

/**
 * Makes the bytes safe in a draft release, then claims the next number by its tag. The release stays a draft. `known`: the
 * tags as they were read a moment ago; a number that was taken since is found out by its tag, and they are read again.
 */
export async function registerVersion(
  ports: Needed,
  freight: Freight,
  order: Registration,
  known: ModelRegistry,
): Promise<Version> {
  const { model, head } = order;
  const { run } = order.known;
  for (let attempt = 0; attempt < 5; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- a lost race is read again
    const registry = attempt === 0 ? known : await readRegistry(ports.tags, model);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const [already, problem] = await Promise.all([registry.ownOfRecipe(run.recipe), registry.versionProblem()]);
    if (already !== undefined) return already.version;
    if (problem !== undefined) throw new ServiceError("conflict", problem);
    const version = await numberOf(registry, order);
    // oxlint-disable-next-line no-await-in-loop -- the bytes are safe before the tag says so
    await fillDraft(ports, freight, order, version);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const date = await nextDate(ports, registry);
    const facts = {
      recipe: run.recipe,
      artifact: run.artifact.sha256,
      run: order.runPath,
      evaluation: order.evaluation,
      pull: order.pull ?? null,
    };
    const message = writeRegistration(model.name, version, facts);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const made = await ports.tags.create({ name: writeVersionTag(model.name, version), target: head, message, date });
    if (made === "created") return version;
  }
  throw new ServiceError(
    "conflict",
    `Cannot register a version of "${model.name}": somebody else took five numbers in a row. Run the promotion again`,
  );
}

/** The next number; what was registered under the name that the model had keeps its own. */
async function numberOf(registry: ModelRegistry, { model, known }: Registration): Promise<Version> {
  const old = await registry.was?.ofRecipe(known.run.recipe);
  if (old !== undefined && !registry.tags.taken.includes(old.version)) return old.version;
  return nextVersion(registry.taken, model.promote.bump);
}

/** Publishes a version's release, as what it is: a draft may have been begun for another run. */
export async function publishRelease(ports: Needed, order: Registration, version: Version): Promise<void> {
  const { model, known, pull } = order;
  const tag = writeVersionTag(model.name, version);
  const release = await ports.releases.find(tag);
  if (release === undefined) {
    throw new ServiceError(
      "conflict",
      `Cannot promote "${tag}": its tag is there, and its release is gone with the bytes. Put the release back`,
    );
  }
  demandReviewed(release, known);
  if (!release.draft) return;
  await ports.releases.publish(release.id, describe(model, version, known, pull));
}

/** A published release may have been edited by hand since: what goes to a stage is what was reviewed, or nothing. */
function demandReviewed({ tag, assets }: Release, { run }: KnownRun): void {
  for (const { path, sha256 } of run.artifact.files) {
    const name = assetName(path);
    const asset = assets.find((one) => one.name === name);
    if (asset !== undefined && isSame(asset, { name, file: "", sha256 })) continue;
    const said = asset === undefined ? "has lost" : "holds other bytes in";
    throw new ServiceError(
      "conflict",
      `Cannot promote "${tag}": its release ${said} "${name}", reviewed was ${sha256}. Put that file back into the release`,
    );
  }
}

function describe(
  model: Model,
  version: Version,
  known: KnownRun,
  pull: number | undefined,
): { title: string; body: string } {
  return { title: `${model.name} ${version}`, body: renderReleaseNotes(model.name, version, known.run, pull) };
}

/** A draft release that holds exactly this run's files. Files of somebody else's unfinished draft are replaced. */
async function fillDraft(ports: Needed, freight: Freight, order: Registration, version: Version): Promise<void> {
  const { model, known, head, pull } = order;
  const tag = writeVersionTag(model.name, version);
  const files = await gather(freight, order, version);
  const release =
    (await ports.releases.find(tag)) ??
    (await ports.releases.createDraft({ tag, target: head, ...describe(model, version, known, pull) }));
  for (const asset of release.assets) {
    const wanted = files.find(({ name }) => name === asset.name);
    if (wanted !== undefined && isSame(asset, wanted)) continue;
    if (!release.draft) {
      throw new ServiceError(
        "conflict",
        `Cannot promote "${tag}": its published release holds other bytes in "${asset.name}" than were reviewed. Delete that release and its tag`,
      );
    }
    // oxlint-disable-next-line no-await-in-loop -- one asset after the other
    await ports.releases.removeAsset(release.id, asset.name);
  }
  for (const file of files) {
    const there = release.assets.some((asset) => asset.name === file.name && isSame(asset, file));
    // oxlint-disable-next-line no-await-in-loop -- one asset after the other
    if (!there) await ports.releases.upload(release.id, file.name, file.file);
  }
  await verify(ports, tag, files);
}

/** A service that tells no digest is believed: the upload was checked on its way. */
function isSame(asset: Release["assets"][number], file: File): boolean {
  return asset.sha256 === undefined || asset.sha256 === file.sha256;
}

async function gather(freight: Freight, order: Registration, version: Version): Promise<readonly File[]> {
  const { model, known } = order;
  const moved = await freight.fetchModel(known);
  const files = moved.map(({ path, file, sha256 }) => ({ name: assetName(path), file, sha256 }));
  const predictions: PredictionsRecord[] = [];
  for (const record of order.predictions) {
    // oxlint-disable-next-line no-await-in-loop -- one or two files
    const file = await freight.fetchFile(record);
    if (file === undefined) continue;
    const name = predictionsAsset(record);
    files.push({ name, file, sha256: record.sha256 });
    predictions.push({
      ...record,
      bytes: { kind: "release-asset", tag: writeVersionTag(model.name, version), name },
    });
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
async function verify(ports: Needed, tag: string, files: readonly File[]): Promise<void> {
  const release = await ports.releases.find(tag);
  for (const file of files) {
    const asset = release?.assets.find((entry) => entry.name === file.name);
    if (asset === undefined)
      throw new ServiceError(
        "broken",
        `Cannot promote "${tag}": its asset "${file.name}" is gone after the upload. Run the promotion again`,
      );
    if (!isSame(asset, file)) {
      throw new ServiceError(
        "broken",
        `Cannot promote "${tag}": its asset "${file.name}" has SHA-256 ${asset.sha256}, reviewed was ${file.sha256}. Run the promotion again`,
      );
    }
  }
}
