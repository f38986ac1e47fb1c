import type { Model } from "#core/config/config.ts";
import type { RunRecord } from "#core/evidence.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha, parseVersion, type CommitSha, type ModelName } from "#core/names.ts";
import { findModel } from "#core/plan/find-model.ts";
import { identifyModel, type Identity, type Snapshot } from "#core/plan/identify.ts";
import type { KnownRun, ProductionFacts } from "#core/plan/model-facts.ts";
import { newestFirst } from "#core/plan/newest-run.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import type { Standing } from "#core/registry/registry.ts";
import { writeVersionTag } from "#core/registry/tag-name.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { nameIn } from "#flow/observe/observe-model.ts";
import { readSnapshot } from "#flow/observe/read-snapshot.ts";

type Needed = Pick<Ports, "repository" | "bytes" | "evidence">;

/** What this machine trains in place of a release that it does not have. */
export type StandIn = {
  /** what stands in production by the tags; undefined: there are none, and what the base makes stands in */
  standing: Standing | undefined;
  commit: CommitSha;
  identity: Identity;
  /** the run of that recipe on this machine, once there is one */
  known: KnownRun | undefined;
};
/** A model, and the name that it had where it is being renamed. */
type Asked = Pick<Model, "name" | "was">;
type Found = { production: ProductionFacts | undefined; problem: string | undefined };

/**
 * Production on a machine that has no release: the run of the recipe that the newest stage tag names, or, without tags, of
 * what the base branch makes. Trained here once and kept, it stands in for the released bytes.
 */
export class StandIns {
  readonly #ports: Needed;
  readonly #base: CommitSha;
  readonly #found = new Map<ModelName, StandIn>();
  readonly #problems = new Map<string, string>();

  constructor(ports: Needed, base: CommitSha) {
    this.#ports = ports;
    this.#base = base;
  }

  /** Answers `findProduction` of an observation. Not trained here yet: no production, and `of` tells what to train. */
  async find(asked: Asked, standing: Standing | undefined): Promise<Found> {
    const problem = this.#problems.get(asked.name);
    if (problem !== undefined) return { production: undefined, problem };
    const commit = standing?.commit ?? this.#base;
    const read = await readSnapshot(this.#ports.repository, commit, commit);
    const snapshot = read.kind === "snapshot" ? read.snapshot : undefined;
    const model = snapshot === undefined ? undefined : findAsCalled(snapshot, asked, standing);
    if (snapshot === undefined || model === undefined) return missing(asked, standing);
    return await this.#standIn(asked.name, model, snapshot, standing, commit);
  }

  of(name: ModelName): StandIn | undefined {
    return this.#found.get(name);
  }

  /** Remembers why a stand-in could not be trained: then nothing is compared with it. */
  fail(failure: Failure): void {
    const because =
      failure.phase === "data"
        ? ""
        : failure.phase === "predict"
          ? "what stands in production could not predict here: "
          : "what stands in production could not be trained here: ";
    this.#problems.set(failure.model, `${because}${failure.message}`);
  }

  hasFailed(name: ModelName): boolean {
    return this.#problems.has(name);
  }

  async #standIn(
    name: ModelName,
    model: Model,
    snapshot: Snapshot,
    standing: Standing | undefined,
    commit: CommitSha,
  ): Promise<Found> {
    const identity = identifyModel(model, snapshot.tree);
    if (standing !== undefined && standing.recipe !== identity.recipe) {
      const problem = `"${name}" ${standing.version} cannot be made again here: its tag names the recipe ${standing.recipe.slice(0, 12)}, its commit makes ${identity.recipe.slice(0, 12)}`;
      return { production: undefined, problem };
    }
    const known = await findKept(this.#ports, identity.recipe, standing?.artifact);
    this.#found.set(name, { standing, commit, identity, known });
    if (known === undefined) return { production: undefined, problem: undefined };
    return { production: describe(known, { standing, commit, identity }), problem: undefined };
  }
}

/** A version's own commit calls it what its tag does; the base by the name that it has there. */
function findAsCalled({ config }: Snapshot, asked: Asked, standing: Standing | undefined): Model | undefined {
  return standing === undefined ? findModel(config, asked) : config.models.get(nameIn(standing, asked.name));
}

/** A model that the base does not know is new; one that is tagged but gone from its own commit cannot be made again. */
function missing(asked: Asked, standing: Standing | undefined): Found {
  if (standing === undefined) return { production: undefined, problem: undefined };
  const name = nameIn(standing, asked.name);
  const problem = `"${name}" ${standing.version} cannot be made again here: the config of its commit ${standing.commit.slice(0, 12)} does not name it`;
  return { production: undefined, problem };
}

/** The newest run of a recipe whose bytes are here; the very bytes that were released, where they are. */
async function findKept(ports: Needed, recipe: string, artifact: string | undefined): Promise<KnownRun | undefined> {
  const runs = (await new EvidenceReader(ports.evidence).runs(recipe)).toSorted(newestFirst);
  const released = runs.filter((run) => run.artifact.sha256 === artifact);
  for (const run of [...released, ...runs]) {
    // oxlint-disable-next-line no-await-in-loop -- the first that is there ends it
    if (await ports.bytes.available(run.bytes)) return { run, bytes: run.bytes };
  }
  return undefined;
}

function describe({ run, bytes }: KnownRun, { standing, commit, identity }: Omit<StandIn, "known">): ProductionFacts {
  const { model } = identity;
  return {
    standing:
      standing === undefined ? standsUntagged(run, commit, model) : { ...standing, artifact: run.artifact.sha256 },
    bytes,
    modelPath: model.train.model,
    setup: model.setup?.run,
    container: model.setup?.container,
    predict: { run: model.predict.run, timeoutMs: model.predict.timeoutMs, inputs: identity.predicting },
    inputs: run.inputs.map((entry): TreeEntry => ({
      path: entry.path,
      mode: entry.mode,
      blob: parseBlobSha(entry.blob),
    })),
    parameters: run.parameters,
  };
}

/** Nothing is registered: as if what the base makes had been. The version is never shown. */
function standsUntagged(run: RunRecord, commit: CommitSha, model: Model): Standing {
  const { recipe, key } = run;
  const stage = model.promote.stages.at(-1) ?? "production";
  return {
    version: parseVersion("v0.0.0"),
    tag: writeVersionTag(model.name, parseVersion("v0.0.0")),
    commit,
    recipe,
    artifact: run.artifact.sha256,
    run: key,
    evaluation: null,
    stage,
    counter: 0,
    since: new Date(0),
    pull: null,
    by: null,
    why: "",
  };
}
