import type { Model } from "#core/config/config.ts";
import type { CommitSha } from "#core/names.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import { identifyExam, identifyModel, type Identity, type Snapshot } from "#core/plan/identify.ts";
import { judgeModel } from "#core/plan/judge-model.ts";
import type { ModelFacts } from "#core/plan/model-facts.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports, PullRequest } from "#core/ports.ts";
import { decide, type Approval, type Decision, type StageFacts } from "#core/promotion/decide.ts";
import type { Standing } from "#core/registry/registry.ts";
import { evidencePath, EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { observeFacts, type DefaultLook } from "./default/default-look.ts";
import { findCombination } from "./find-combination.ts";
import { observeMeanwhile } from "./default/observe-meanwhile.ts";
import { observeRetired, type RetiredModel } from "./default/observe-retired.ts";
import { observeStages } from "./observe-stages.ts";
import { readRegistry, type ModelRegistry } from "./read-registry.ts";
import { readReviews } from "./read-reviews.ts";
import type { ObservedModel } from "./observe-merged.ts";
import { readSnapshot, type ReadSnapshot } from "./read-snapshot.ts";
import { findPinned } from "./resolve-pin.ts";

type Candidate = Extract<ModelChange, { kind: "candidate" }>;

export type DefaultModel = ObservedModel & {
  change: Candidate;
  stages: readonly StageFacts[];
  decision: Decision;
  /** what was merged while a pin holds: it is registered, and moves nothing; `pull`: who brought it */
  meanwhile?: { pull: number; pin: string };
};

export type ObservedDefault = {
  head: CommitSha;
  branch: string;
  snapshot: Snapshot | undefined;
  problem: string | undefined;
  models: readonly DefaultModel[];
  /** models that the config does not name any more */
  retired: readonly RetiredModel[];
  /** as it was read for this look */
  evidence: EvidenceReader;
  /** pull requests that brought the head */
  pulls: readonly PullRequest[];
};

type Needed = Pick<Ports, "repository" | "pulls" | "tags" | "bytes" | "evidence">;
type Options = { approval: Approval | undefined; failures: readonly Failure[]; expecting: boolean };

/** What the newest head of the default branch asks for, model by model, and what is known of it. */
export async function observeDefault(ports: Needed, options: Options): Promise<ObservedDefault> {
  const { name: branch, head } = await ports.repository.defaultBranch();
  const read = await readSnapshot(ports.repository, head, head);
  const evidence = new EvidenceReader(ports.evidence);
  const snapshot = await findSnapshot(read, head, evidence);
  if (snapshot === undefined) {
    const problem =
      read.kind === "problems"
        ? read.problems.map(({ line, message }) => `line ${line}: ${message}`).join("; ")
        : undefined;
    return { head, branch, snapshot: undefined, problem, models: [], retired: [], evidence, pulls: [] };
  }
  let pulls: Promise<readonly PullRequest[]> | undefined;
  const readPulls = async (): Promise<readonly PullRequest[]> => await (pulls ??= ports.pulls.ofCommit(head));
  const messages = async (): Promise<readonly string[]> => {
    const [commit, brought] = await Promise.all([ports.repository.commit(head), readPulls()]);
    const said = await Promise.all(brought.map(async ({ number }) => await ports.pulls.messages(number)));
    return [...(commit === undefined ? [] : [commit.message]), ...said.flat()];
  };
  const look: DefaultLook = { ...options, ports, head, branch, snapshot, evidence, messages };
  const models = await Promise.all(
    [...snapshot.config.models.values()].map(async (model) => await observeOne(model, look)),
  );
  const retired = await observeRetired(ports, {
    config: snapshot.config,
    evidence,
    branch,
    approval: options.approval,
  });
  return {
    head,
    branch,
    snapshot,
    problem: undefined,
    models: models.flat(),
    retired,
    evidence,
    pulls: pulls === undefined ? [] : await pulls,
  };
}

/** A config that is gone names no model: whatever was moved is retired. Where nothing ever was, it is no matter of ours. */
async function findSnapshot(
  read: ReadSnapshot,
  commit: CommitSha,
  evidence: EvidenceReader,
): Promise<Snapshot | undefined> {
  if (read.kind === "snapshot") return read.snapshot;
  if (read.kind === "problems" || (await evidence.moved()).length === 0) return undefined;
  return { commit, tree: read.tree, config: { version: 1, writer: "actions", models: new Map() } };
}

async function observeOne(model: Model, look: DefaultLook): Promise<readonly DefaultModel[]> {
  const { ports, snapshot, evidence } = look;
  const registry = await readRegistry(ports.tags, model);
  const made = identifyModel(model, snapshot.tree);
  const { pin } = model.promote;
  if (pin === undefined) return [await observeAsked(changeOf(model, made, look), registry, look, undefined)];
  const { merged, problem } = await findPinned(model, pin, { registry, repository: ports.repository });
  const change: Candidate = { ...changeOf(model, merged ?? made, look), pin: { kind: "proposed", version: pin } };
  const asked = await observeAsked(change, registry, look, problem);
  const meanwhile =
    merged === undefined || merged.recipe === made.recipe
      ? undefined
      : await observeMeanwhile(changeOf(model, made, look), { registry, evidence, look });
  return meanwhile === undefined ? [asked] : [asked, meanwhile];
}

function changeOf(model: Model, merged: Identity, { snapshot }: DefaultLook): Candidate {
  const exam = identifyExam(model.evaluate, snapshot.tree);
  const { name } = model;
  return { kind: "candidate", name, judge: model, isNew: false, merged, exam, proposed: undefined, changedHoldout: [] };
}

/** Everything that is known of what the head asks of one model, and what follows from it. */
async function observeAsked(
  change: Candidate,
  registry: ModelRegistry,
  look: DefaultLook,
  problem: string | undefined,
): Promise<DefaultModel> {
  const { ports, evidence, head, branch } = look;
  const { judge: model } = change;
  const { recipe } = change.merged;
  const facts = await observeFacts(change, registry, look, problem);
  const { tree } = look.snapshot;
  const answer = judgeModel(change, facts, { expecting: look.expecting, informational: false, tree });
  const isRegistered = facts.registered !== undefined;
  const stages = await observeStages(model, recipe, { registry, repository: ports.repository, evidence, isRegistered });
  const oldName = await findOldName(registry, model, evidence);
  const settled = oldName === undefined && stages.every(({ standing }) => standing?.recipe === recipe);
  const reviews = settled ? [] : await readReviews(ports, { evidence, registry, branch }, model, recipe);
  const gate = !settled && model.promote.combinations === "gate" && !reviews.some(({ green }) => green);
  const combination = gate && (await isCombination(ports, evidence, model, head, facts));
  const decision = decide({
    change,
    facts,
    stages,
    answer,
    reviews,
    oldName,
    combination,
    approval: look.approval,
  });
  return { change, facts, stages, decision };
}

/** What still stands under the name that the model had; undefined where it was all taken away, and that is said. */
async function findOldName(
  { was }: ModelRegistry,
  { promote }: Model,
  evidence: EvidenceReader,
): Promise<readonly Standing[] | undefined> {
  if (was === undefined) return undefined;
  const read = await Promise.all(promote.stages.map(async (stage) => (await was.ownStanding(stage)).standing));
  const standings = read.filter((standing) => standing !== undefined);
  const removals = was.tags.moves.filter(({ removed }) => removed);
  const said = await Promise.all(
    removals.map(async (move) => await evidence.has(evidencePath.removal(was.model, move))),
  );
  return standings.length === 0 && !said.includes(false) ? undefined : standings;
}

async function isCombination(
  ports: Needed,
  evidence: EvidenceReader,
  model: Model,
  sha: CommitSha,
  { production }: ModelFacts,
): Promise<boolean> {
  const head = await ports.repository.commit(sha);
  if (head === undefined) return false;
  return await findCombination(ports, { evidence, model, head, production: production?.standing.recipe });
}
