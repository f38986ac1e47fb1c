import { subjectOfRun } from "#core/identity/subject.ts";
import { ServiceError, type Ports } from "#core/ports.ts";
import type { Approval, Decision } from "#core/promotion/decide.ts";
import type { Standing } from "#core/registry/registry.ts";
import { evidencePath } from "#flow/evidence/evidence-reader.ts";
import { observeDefault, type DefaultModel, type ObservedDefault } from "#flow/observe/observe-default.ts";
import type { RetiredModel } from "#flow/observe/default/observe-retired.ts";
import { clearStage, sayCleared } from "./clear-stage.ts";
import { finishMoves } from "./finish-moves.ts";
import { moveStage, type MoveMade } from "./move-stage.ts";
import { promoteModel } from "./promote-model.ts";
import type { Freight } from "./register-version.ts";
import { renameModel } from "./rename-model.ts";

export type Promoted = {
  model: string;
  version: string;
  moved: readonly string[];
  pull: number | undefined;
  why: string;
};
export type PromotionOutcome = { observed: ObservedDefault; promoted: readonly Promoted[] };

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
  const promoted: Promoted[] = [];
  // What an earlier process left unfinished, and new stages, come first; then the models are looked at again.
  for (let round = 1; ; round++) {
    // oxlint-disable-next-line no-await-in-loop -- a round builds on the one before
    const observed = await observeDefault(ports, { approval, failures: [], expecting: false });
    const models = observed.models.filter(({ change }) => only === undefined || change.name === only);
    const retired = observed.retired.filter(({ name }) => only === undefined || name === only);
    const isLast = round === 3;
    try {
      for (const model of models) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other: each is a saga of writes
        promoted.push(...(await act(ports, freight, observed, model)));
      }
      for (const model of retired) {
        // oxlint-disable-next-line no-await-in-loop -- see above
        promoted.push(...(await retire(ports, observed.head, model)));
      }
    } catch (error) {
      // oxlint-disable-next-line no-await-in-loop -- see above
      if (isLast || !(await isOvertaken(ports, observed, error))) throw error;
      continue;
    }
    // a stage that is filled may be where a new one behind it starts
    const again = models.some(
      ({ decision: { kind }, stages }) =>
        kind === "grow" || kind === "finish" || kind === "rename" || (kind === "promote" && stages.length > 1),
    );
    if (!again || isLast) return { observed, promoted };
  }
}

/** Was this refused because the default branch moved meanwhile? Then what it says now is looked at. */
async function isOvertaken(ports: Ports, { head }: ObservedDefault, error: unknown): Promise<boolean> {
  if (!(error instanceof ServiceError) || error.code !== "conflict") return false;
  return (await ports.repository.defaultBranch()).head !== head;
}

async function act(
  ports: Ports,
  freight: Freight,
  observed: ObservedDefault,
  model: DefaultModel,
): Promise<Promoted[]> {
  const { change, decision } = model;
  if (decision.kind === "finish") {
    await finishMoves(ports, change.judge, decision.moves);
    return decision.moves.map((standing) => describe(change.name, standing, []));
  }
  if (decision.kind === "rename") {
    const done = await renameModel(ports, freight, change.judge, observed.head, decision.moves);
    const why = `it was called "${change.judge.was ?? ""}"`;
    return done.map(({ version, stage }) => ({ model: change.name, version, moved: [stage], pull: undefined, why }));
  }
  if (decision.kind === "grow") return await grow(ports, observed.head, model, decision);
  return decision.kind === "promote" ? [await promote(ports, freight, observed, model, decision)] : [];
}

async function promote(
  ports: Ports,
  freight: Freight,
  observed: ObservedDefault,
  { change, facts }: DefaultModel,
  { stages, pull, by, why }: Extract<Decision, { kind: "promote" }>,
): Promise<Promoted> {
  const known = facts.candidate;
  if (known === undefined) throw new TypeError("Cannot promote what is no candidate");
  const { judge: model, exam } = change;
  const predictions = await observed.evidence.predictions(exam.evaluation, subjectOfRun(known.run));
  const { version, moved } = await promoteModel(ports, freight, {
    model,
    head: observed.head,
    known,
    runPath: evidencePath.run(known.run),
    evaluation: exam.evaluation,
    predictions: predictions === undefined ? [] : [predictions],
    stages,
    pull,
    by,
    why,
  });
  return { model: model.name, version, moved, pull, why };
}

/** Takes what the config does not name any more from its stages, the last one first. */
async function retire(
  ports: Ports,
  head: ObservedDefault["head"],
  { name, standings, decision }: RetiredModel,
): Promise<Promoted[]> {
  const done: Promoted[] = [];
  if (decision.kind === "wait") return done;
  let after: MoveMade | undefined;
  for (const standing of standings.toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- stages have an order
    after = (await clearStage(ports, name, standing.stage, { ...decision, head, after })) ?? after;
    const { version } = standing;
    done.push({
      model: name,
      version,
      moved: [],
      pull: decision.pull,
      why: `taken from ${standing.stage}: ${decision.why}`,
    });
  }
  await sayCleared(ports, name);
  return done;
}

async function grow(
  ports: Ports,
  head: ObservedDefault["head"],
  { change }: DefaultModel,
  { moves }: Extract<Decision, { kind: "grow" }>,
): Promise<Promoted[]> {
  const done: Promoted[] = [];
  let after: Standing | undefined;
  for (const { stage, from } of moves) {
    const { version, pull, by } = from;
    const why = `a new stage starts where "${from.stage}" stands`;
    // oxlint-disable-next-line no-await-in-loop -- stages have an order
    const { standing, moved } = await moveStage(ports, {
      model: change.judge,
      head,
      version,
      stage,
      pull,
      by,
      why,
      after,
    });
    if (moved) after = standing;
    // oxlint-disable-next-line no-await-in-loop -- see above
    await finishMoves(ports, change.judge, [standing]);
    done.push(describe(change.name, standing, moved ? [stage] : []));
  }
  return done;
}

function describe(model: string, { version, pull, why }: Standing, moved: readonly string[]): Promoted {
  return { model, version, moved, pull: pull ?? undefined, why };
}
