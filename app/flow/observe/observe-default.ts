import type { Model } from "#core/config/config.ts";
import type { CommitSha } from "#core/names.ts";
import type { ModelChange } from "#core/plan/changes.ts";
import { identifyExam, identifyModel, type Snapshot } from "#core/plan/identify.ts";
import { judgeModel } from "#core/plan/judge-model.ts";
import type { ModelFacts } from "#core/plan/model-facts.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports, PullRequest } from "#core/ports.ts";
import { decide, type Approval, type Decision, type MergedReview, type StageFacts } from "#core/promotion/decide.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { findCombination } from "./find-combination.ts";
import { observeModel } from "./observe-model.ts";
import { observeStages } from "./observe-stages.ts";
import { readRegistry, type ModelRegistry } from "./read-registry.ts";
import type { ObservedModel } from "./observe-merged.ts";
import { readSnapshot } from "./read-snapshot.ts";

export type ObservedDefault = {
  head: CommitSha;
  branch: string;
  snapshot: Snapshot | undefined;
  problem: string | undefined;
  models: readonly (ObservedModel & { change: Candidate; stages: readonly StageFacts[]; decision: Decision })[];
  /** pull requests that brought the head */
  pulls: readonly PullRequest[];
};

type Needed = Pick<Ports, "repository" | "pulls" | "tags" | "bytes" | "evidence">;
type Candidate = Extract<ModelChange, { kind: "candidate" }>;

/** What the newest head of the default branch asks for, model by model, and what is known of it. */
export async function observeDefault(
  ports: Needed,
  options: { approval: Approval | undefined; failures: readonly Failure[]; expecting: boolean },
): Promise<ObservedDefault> {
  const { name: branch, head } = await ports.repository.defaultBranch();
  const read = await readSnapshot(ports.repository, head, head);
  if (read.kind !== "snapshot") {
    const problem =
      read.kind === "no-config"
        ? undefined
        : read.problems.map(({ line, message }) => `line ${line}: ${message}`).join("; ");
    return { head, branch, snapshot: undefined, problem, models: [], pulls: [] };
  }
  const { snapshot } = read;
  const evidence = new EvidenceReader(ports.evidence);
  let pulls: Promise<readonly PullRequest[]> | undefined;
  const readPulls = async (): Promise<readonly PullRequest[]> => await (pulls ??= ports.pulls.ofCommit(head));
  const messages = async (): Promise<readonly string[]> => {
    const [commit, brought] = await Promise.all([ports.repository.commit(head), readPulls()]);
    const said = await Promise.all(brought.map(async ({ number }) => await ports.pulls.messages(number)));
    return [...(commit === undefined ? [] : [commit.message]), ...said.flat()];
  };
  const models = await Promise.all(
    [...snapshot.config.models.values()].map(async (model) => {
      const change: Candidate = {
        kind: "candidate",
        name: model.name,
        judge: model,
        isNew: false,
        merged: identifyModel(model, snapshot.tree),
        exam: identifyExam(model.evaluate, snapshot.tree),
        proposed: undefined,
        changedHoldout: [],
      };
      const registry = await readRegistry(ports.tags, model.name);
      const facts = await observeModel(change, {
        ports,
        registry,
        evidence,
        judgeTree: snapshot.tree,
        carried: snapshot.tree,
        pull: undefined,
        messages,
        failures: options.failures,
      });
      const answer = judgeModel(change, facts, { expecting: options.expecting, informational: false });
      const { recipe } = change.merged;
      const stages = await observeStages(model, recipe, { registry, repository: ports.repository, evidence });
      const settled = stages.every(({ standing }) => standing?.recipe === recipe);
      const reviews = settled ? [] : await readReviews(ports, evidence, change, registry, branch);
      const gate = !settled && model.promote.combinations === "gate" && !reviews.some(({ green }) => green);
      const combination = gate && (await isCombination(ports, evidence, model, head, facts));
      const decision = decide({ change, facts, stages, answer, reviews, combination, approval: options.approval });
      return { change, facts, stages, decision };
    }),
  );
  return { head, branch, snapshot, problem: undefined, models, pulls: pulls === undefined ? [] : await pulls };
}

/**
 * Verdicts for this recipe whose pull requests were merged into this branch with exactly the head that they were said about. A review
 * moves its version once: what stood at a stage and was replaced comes back by a revert, or is reviewed again.
 */
async function readReviews(
  ports: Needed,
  evidence: EvidenceReader,
  change: Candidate,
  registry: ModelRegistry,
  branch: string,
): Promise<readonly MergedReview[]> {
  const { recipe } = change.merged;
  const [reviews, registered] = await Promise.all([evidence.reviews(change.name, recipe), registry.ofRecipe(recipe)]);
  const [first = ""] = change.judge.promote.stages;
  const { standing } = await registry.standing(first);
  const isBack = registered !== undefined && reviews.length > 0 && standing?.recipe !== recipe;
  const used = isBack ? (await registry.history(first)).filter((held) => held.recipe === recipe) : [];
  const merged: MergedReview[] = [];
  for (const review of reviews) {
    // oxlint-disable-next-line no-await-in-loop -- as many as pull requests made this very recipe: nearly always one
    const pull = await ports.pulls.get(review.pull);
    if (
      !pull.merged ||
      pull.base.ref !== branch ||
      pull.head.sha !== review.head ||
      used.some((held) => held.pull === review.pull)
    )
      continue;
    merged.push({ pull: review.pull, green: review.green, verdict: review.verdict, artifact: review.artifact });
  }
  return merged;
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
