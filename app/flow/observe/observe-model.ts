import { configPath, type Model } from "#core/config/config.ts";
import type { Comparison, Locator, PredictionsRecord, RunRecord } from "#core/evidence.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha, parseModelName, type ModelName } from "#core/names.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import { identifyBaseline, identifyExpectations, identifyModel, type Exam } from "#core/plan/identify.ts";
import {
  subjectOfCandidate,
  subjectOfProduction,
  type KnownRun,
  type ModelFacts,
  type ProductionFacts,
} from "#core/plan/model-facts.ts";
import { digestEvidence } from "#core/plan/evidence.ts";
import { newestFirst } from "#core/plan/newest-run.ts";
import { allExamsOf, examsOf } from "#core/plan/plan-model.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import { findStageProblem } from "#core/registry/find-stage-problem.ts";
import type { RegisteredVersion, Standing } from "#core/registry/registry.ts";
import { readTagName } from "#core/registry/tag-name.ts";
import type { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { findPendingRename } from "./rename/find-pending-rename.ts";
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
  /** it is the default branch itself that is looked at: under which workflow others ran is no matter there */
  onDefault?: boolean;
  /** why what the change asks for cannot be had (a pin of no version) */
  problem?: string | undefined;
  /** what is known of the model's tags, where somebody has read them already */
  registry?: ModelRegistry;
  /** who stands in for production, where it is not the release of what stands at the last stage */
  findProduction?: (
    asked: { name: ModelName; was: ModelName | undefined },
    standing: Standing | undefined,
  ) => Promise<{ production: ProductionFacts | undefined; problem: string | undefined }>;
};

const unasked = {
  modelPath: "",
  setup: undefined,
  predict: { run: "", timeoutMs: 0, inputs: [] },
  inputs: undefined,
  parameters: undefined,
};

export const noFacts: ModelFacts = {
  production: undefined,
  productionProblem: undefined,
  candidate: undefined,
  foreign: false,
  expired: undefined,
  runs: 0,
  baseline: undefined,
  goesBackTo: undefined,
  hasHistory: false,
  registered: undefined,
  predictions: [],
  comparisons: [],
  data: undefined,
  failures: [],
  acceptance: undefined,
};

/** Reads everything that one model's plan and verdict stand on. An unaffected model asks nothing of anybody. */
export async function observeModel(change: ModelChange, look: Observation): Promise<ModelFacts> {
  if (change.kind === "not_affected") return noFacts;
  const registry = look.registry ?? (await readRegistry(look.ports.tags, nameOf(change)));
  if (change.kind === "retired") return await observeRetired(change, registry, look);
  const stage = change.judge.promote.stages.at(-1) ?? "production";
  const { production, problem } = await readProduction(registry, stage, change, look);
  const pending = await findPendingRename(look.ports.tags, change);
  const baseline = identifyBaseline(change.judge, look.judgeTree);
  const facts: ModelFacts = {
    ...noFacts,
    production,
    hasHistory: registry.versions.length > 0,
    productionProblem:
      problem ??
      look.problem ??
      pending ??
      findStageProblem(change.name, registry.moved, change.merged.model.promote.stages),
    baseline,
    failures: look.failures,
  };
  if (change.kind === "settings") {
    const subject = subjectOfProduction(facts);
    if (subject === undefined) return await withAcceptance(change, facts, look);
    const answers = await observeAnswers(look, examsOf(change), [subject, baseline?.digest], [subject]);
    return await withAcceptance(change, { ...facts, ...answers }, look);
  }
  const { recipe } = change.merged;
  const runs = await look.evidence.runs(recipe);
  // Every tag is a read: what has no run was never registered, and what is pinned is there by its name.
  const mayBeThere = runs.length > 0 || change.pin?.kind === "proposed";
  const registered = mayBeThere ? await registry.ofRecipe(recipe) : undefined;
  const candidate = await findRun(runs, registered, look);
  const asked = { registry, stages: change.judge.promote.stages, registered, change, look };
  const goesBackTo =
    registered === undefined || candidate === undefined ? undefined : await findReturn({ ...asked, registered });
  const subject = subjectOfCandidate({ ...facts, candidate });
  const subjects = [subject, subjectOfProduction(facts), baseline?.digest];
  const all: ModelFacts = {
    ...facts,
    productionProblem:
      facts.productionProblem ??
      (registered === undefined ? await registry.versionProblem() : findLostVersion(change, registered, candidate)),
    candidate,
    foreign: look.onDefault !== true && candidate === undefined && runs.some((run) => !counts(run, look)),
    expired: candidate === undefined ? newestOf(runs.filter((run) => mayCount(run, look))) : undefined,
    runs: runs.length,
    goesBackTo,
    registered: registered?.version,
    data: await look.evidence.data(change.name, recipe, identifyExpectations(change.judge.expect), look.pull),
    ...(await observeAnswers(look, allExamsOf(change), subjects, subject === undefined ? [] : [subject])),
  };
  return await withAcceptance(change, all, look);
}

/** Whose tags are to be read: a model's under the name that it has, and the one that it had. */
function nameOf(change: Exclude<ModelChange, { kind: "not_affected" }>): {
  name: ModelName;
  was: ModelName | undefined;
} {
  return { name: change.name, was: change.kind === "retired" ? change.was : change.merged.model.was };
}

async function observeRetired(
  change: Extract<ModelChange, { kind: "retired" }>,
  registry: ModelRegistry,
  look: Observation,
): Promise<ModelFacts> {
  const { standing, problem } = await registry.standing(change.stages.at(-1) ?? "production");
  const production = standing === undefined ? undefined : { ...unasked, standing, bytes: modelOf(standing) };
  const facts = { ...noFacts, production, productionProblem: problem, failures: look.failures };
  return await withAcceptance(change, facts, look);
}

/** Somebody may have accepted exactly this evidence. */
async function withAcceptance(change: ModelChange, facts: ModelFacts, look: Observation): Promise<ModelFacts> {
  return { ...facts, acceptance: await look.evidence.acceptance(change.name, digestEvidence(change, facts)) };
}

/** A version that is asked for by its name is trained by nobody: its bytes are there, or it cannot be had. */
function findLostVersion(
  { pin, name }: Extract<ModelChange, { kind: "candidate" }>,
  { version, tag }: RegisteredVersion,
  candidate: KnownRun | undefined,
): string | undefined {
  if (pin?.kind !== "proposed" || candidate !== undefined) return undefined;
  return `Cannot go back to ${version} of "${name}": the release "${tag}" holds its model no more, or its record is gone from the branch "trainyard". Put them back, or pin another version`;
}

/** A run from before the default branch had any config is shown to its own pull request, and counts once it is merged. */
function counts(run: RunRecord, look: Observation): boolean {
  if (run.counts || run.early !== true || run.source.kind !== "workflow") return run.counts;
  const { pull, workflow } = run.source;
  if (!look.carried.has(configPath)) return pull !== null && pull === look.pull;
  return workflow.blob !== null && look.carried.get(workflow.path)?.blob === workflow.blob;
}

/** Is it a run for whoever asks? A fork's is known to its own pull request alone. */
function mayCount(run: RunRecord, look: Observation): boolean {
  return counts(run, look) && (run.source.kind !== "workflow" || !run.source.fork || run.source.pull === look.pull);
}

function newestOf(runs: readonly RunRecord[]): RunRecord | undefined {
  return runs.toSorted(newestFirst)[0];
}

/** The newest run of a recipe that counts and whose bytes can still be had. */
async function findRun(
  runs: readonly RunRecord[],
  registered: { tag: string; artifact: string } | undefined,
  look: Observation,
): Promise<KnownRun | undefined> {
  const isRegistered = (run: RunRecord): boolean => run.artifact.sha256 === registered?.artifact;
  const counting = runs
    .filter((run) => mayCount(run, look))
    // A registered run is final, whatever was trained again since.
    .toSorted((a, b) => Number(isRegistered(b)) - Number(isRegistered(a)) || newestFirst(a, b));
  for (const run of counting) {
    const bytes: Locator = registered !== undefined && isRegistered(run) ? modelOf(registered) : run.bytes;
    // oxlint-disable-next-line no-await-in-loop -- the newest that can be had; the next is only asked if it cannot
    if (await look.ports.bytes.available(bytes)) return { run, bytes };
  }
  return undefined;
}

async function readProduction(
  registry: ModelRegistry,
  stage: string,
  change: Exclude<ModelChange, { kind: "not_affected" | "retired" }>,
  look: Observation,
): Promise<{ production: ProductionFacts | undefined; problem: string | undefined }> {
  const { standing, problem } = await registry.standing(stage);
  if (problem === undefined && look.findProduction !== undefined)
    return await look.findProduction(nameOf(change), standing);
  return {
    production: standing === undefined ? undefined : await observeProduction(standing, change.judge, look),
    problem,
  };
}

async function observeProduction(standing: Standing, judge: Model, look: Observation): Promise<ProductionFacts> {
  const read = await readSnapshot(look.ports.repository, standing.commit, standing.commit);
  const snapshot = read.kind === "snapshot" ? read.snapshot : undefined;
  const model = snapshot?.config.models.get(nameIn(standing, judge.name)) ?? judge;
  const identity = snapshot === undefined ? undefined : identifyModel(model, snapshot.tree);
  const run = await look.evidence.run(standing.run);
  return {
    standing,
    bytes: modelOf(standing),
    modelPath: model.train.model,
    setup: model.setup?.run,
    container: model.setup?.container,
    predict: { run: model.predict.run, timeoutMs: model.predict.timeoutMs, inputs: identity?.predicting ?? [] },
    inputs: run?.inputs.map(asEntry) ?? identity?.training,
    parameters: run?.parameters,
  };
}

const modelOf = ({ tag }: { tag: string }): Locator => ({ kind: "release-asset", tag, name: "model" });

/** What the config of a version's own commit calls it. */
export function nameIn({ tag }: Pick<Standing, "tag">, name: ModelName): ModelName {
  return parseModelName(readTagName(tag)?.model ?? name);
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
      Promise.all(
        compared.map(async (subject) => await look.evidence.comparisons(exam.evaluation, subject, look.pull)),
      ),
      Promise.all(
        subjects.map(async (subject) =>
          subject === undefined ? undefined : await look.evidence.predictions(exam.evaluation, subject, look.pull),
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
