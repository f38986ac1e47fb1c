import { configPath, type Model } from "#core/config/config.ts";
import type { Comparison, Locator, PredictionsRecord, RunRecord } from "#core/evidence.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha, parseVersion } from "#core/names.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import { identifyBaseline, identifyExpectations, identifyModel, type Exam } from "#core/plan/identify.ts";
import {
  subjectOfCandidate,
  subjectOfProduction,
  type KnownRun,
  type ModelFacts,
  type ProductionFacts,
} from "#core/plan/model-facts.ts";
import { examsOf } from "#core/plan/plan-model.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import { findStageProblem } from "#core/registry/find-stage-problem.ts";
import type { Standing } from "#core/registry/registry.ts";
import { writeVersionTag } from "#core/registry/tag-name.ts";
import type { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { findReturn } from "./find-return.ts";
import { readRegistry, type ModelRegistry } from "./read-registry.ts";
import { readSnapshot } from "./read-snapshot.ts";
import type { Tree } from "#core/identity/tree.ts";

export type Observation = {
  ports: Pick<Ports, "repository" | "tags" | "bytes">;
  evidence: EvidenceReader;
  /** the tree whose definitions judge */
  judgeTree: Tree;
  /** the default branch's files: a run from before there were any counts once they hold its workflow file */
  carried: Tree;
  /** the pull request that asks; runs of forks are known to their own alone */
  pull: number | undefined;
  /** messages of the commits that would be, or were, merged */
  messages: () => Promise<readonly string[]>;
  failures: readonly Failure[];
  /** what is known of the model's tags, where somebody has read them already */
  registry?: ModelRegistry;
  /** who stands in for production, where it is not the release of what stands at the last stage */
  findProduction?: (
    judge: Model,
    standing: Standing | undefined,
  ) => Promise<{ production: ProductionFacts | undefined; problem: string | undefined }>;
};

export const noFacts: ModelFacts = {
  production: undefined,
  productionProblem: undefined,
  candidate: undefined,
  foreign: false,
  runs: 0,
  baseline: undefined,
  goesBackTo: undefined,
  registered: undefined,
  predictions: [],
  comparisons: [],
  data: undefined,
  failures: [],
};

/** Reads everything that one model's plan and verdict stand on. An unaffected model asks nothing of anybody. */
export async function observeModel(change: ModelChange, look: Observation): Promise<ModelFacts> {
  if (change.kind === "not_affected") return noFacts;
  const registry = look.registry ?? (await readRegistry(look.ports.tags, change.name));
  if (change.kind === "retired") return { ...noFacts, failures: look.failures };
  const stage = change.judge.promote.stages.at(-1) ?? "production";
  const { production, problem } = await readProduction(registry, stage, change.judge, look);
  const baseline = identifyBaseline(change.judge, look.judgeTree);
  const facts: ModelFacts = {
    ...noFacts,
    production,
    productionProblem:
      problem ??
      findPinProblem(change.merged.model) ??
      findStageProblem(change.name, registry.tags, change.merged.model.promote.stages),
    baseline,
    failures: look.failures,
  };
  if (change.kind === "settings") {
    const subject = subjectOfProduction(facts);
    if (subject === undefined) return facts;
    return { ...facts, ...(await observeAnswers(look, examsOf(change), [subject, baseline?.digest], [subject])) };
  }
  const { recipe } = change.merged;
  const runs = await look.evidence.runs(recipe);
  const registered = await registry.ofRecipe(recipe);
  const candidate = await findRun(runs, registered, look, change.name);
  const goesBackTo =
    registered === undefined || candidate === undefined
      ? undefined
      : await findReturn({
          registry,
          stages: change.judge.promote.stages,
          registered,
          recipe,
          model: change.name,
          look,
        });
  const subject = subjectOfCandidate({ ...facts, candidate });
  const subjects = [subject, subjectOfProduction(facts), baseline?.digest];
  return {
    ...facts,
    productionProblem:
      facts.productionProblem ?? (registered === undefined ? await registry.versionProblem() : undefined),
    candidate,
    foreign: candidate === undefined && runs.some((run) => !counts(run, look)),
    runs: runs.length,
    goesBackTo,
    registered: registered?.version,
    data: await look.evidence.data(change.name, recipe, identifyExpectations(change.judge.expect)),
    ...(await observeAnswers(look, examsOf(change), subjects, subject === undefined ? [] : [subject])),
  };
}

/** A pin that is not followed must not look as if it were: nothing moves while there is one. */
function findPinProblem({ name, promote: { pin } }: Model): string | undefined {
  if (pin === undefined) return undefined;
  return `"${name}" is pinned to ${pin}, and pins are not followed yet: take "promote: pin:" out of the config`;
}

/** A run from before the default branch had any config is shown to its own pull request, and counts once it is merged. */
function counts(run: RunRecord, look: Observation): boolean {
  if (run.counts || run.early !== true || run.source.kind !== "workflow") return run.counts;
  const { pull, workflow } = run.source;
  if (!look.carried.has(configPath)) return pull !== null && pull === look.pull;
  return workflow.blob !== null && look.carried.get(workflow.path)?.blob === workflow.blob;
}

/** The newest run of a recipe that counts and whose bytes can still be had. */
async function findRun(
  runs: readonly RunRecord[],
  registered: { version: string; artifact: string } | undefined,
  look: Observation,
  model: string,
): Promise<KnownRun | undefined> {
  const isRegistered = (run: RunRecord): boolean => run.artifact.sha256 === registered?.artifact;
  const counting = runs
    .filter((run) => counts(run, look))
    .filter((run) => run.source.kind !== "workflow" || !run.source.fork || run.source.pull === look.pull)
    // A registered run is final, whatever was trained again since.
    .toSorted((a, b) => Number(isRegistered(b)) - Number(isRegistered(a)) || (a.at < b.at ? 1 : -1));
  for (const run of counting) {
    const bytes: Locator =
      registered !== undefined && isRegistered(run)
        ? { kind: "release-asset", tag: writeVersionTag(model, parseVersion(registered.version)), name: "model" }
        : run.bytes;
    // oxlint-disable-next-line no-await-in-loop -- the newest that can be had; the next is only asked if it cannot
    if (await look.ports.bytes.available(bytes)) return { run, bytes };
  }
  return undefined;
}

async function readProduction(
  registry: ModelRegistry,
  stage: string,
  judge: Model,
  look: Observation,
): Promise<{ production: ProductionFacts | undefined; problem: string | undefined }> {
  const { standing, problem } = await registry.standing(stage);
  if (problem === undefined && look.findProduction !== undefined) return await look.findProduction(judge, standing);
  return { production: standing === undefined ? undefined : await observeProduction(standing, judge, look), problem };
}

async function observeProduction(standing: Standing, judge: Model, look: Observation): Promise<ProductionFacts> {
  const read = await readSnapshot(look.ports.repository, standing.commit, standing.commit);
  const snapshot = read.kind === "snapshot" ? read.snapshot : undefined;
  const model = snapshot?.config.models.get(judge.name) ?? judge;
  const identity = snapshot === undefined ? undefined : identifyModel(model, snapshot.tree);
  const run = await look.evidence.run(standing.run);
  return {
    standing,
    bytes: { kind: "release-asset", tag: writeVersionTag(judge.name, standing.version), name: "model" },
    modelPath: model.train.model,
    setup: model.setup?.run,
    container: model.setup?.container,
    predict: { run: model.predict.run, timeoutMs: model.predict.timeoutMs, inputs: identity?.predicting ?? [] },
    inputs: run?.inputs.map(asEntry) ?? identity?.training,
    parameters: run?.parameters,
  };
}

function asEntry(entry: { path: string; mode: string; blob: string }): TreeEntry {
  return { path: entry.path, mode: entry.mode, blob: parseBlobSha(entry.blob) };
}

/** Comparisons that are known, and predictions where a comparison is not. */
async function observeAnswers(
  look: Observation,
  exams: readonly Exam[],
  subjects: readonly (string | undefined)[],
  compared: readonly string[],
): Promise<{ predictions: readonly PredictionsRecord[]; comparisons: readonly Comparison[] }> {
  const comparisons: Comparison[] = [];
  const predictions: PredictionsRecord[] = [];
  for (const exam of exams) {
    // oxlint-disable-next-line no-await-in-loop -- one or two exams, and reads are cached
    const [known, answers] = await Promise.all([
      Promise.all(compared.map(async (subject) => await look.evidence.comparisons(exam.evaluation, subject))),
      Promise.all(
        subjects.map(async (subject) =>
          subject === undefined ? undefined : await look.evidence.predictions(exam.evaluation, subject),
        ),
      ),
    ]);
    comparisons.push(...known.flat());
    for (const entry of answers) {
      // oxlint-disable-next-line no-await-in-loop -- three at most, and only while something is left to compare
      if (entry !== undefined && (await look.ports.bytes.available(entry.bytes))) predictions.push(entry);
    }
  }
  return { predictions, comparisons };
}
