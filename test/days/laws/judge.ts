import type { Files, Made } from "../town/repository.ts";
import type { ModelSpec } from "../town/spec.ts";
import { paths, type Town } from "../town/town.ts";
import { gaps } from "./gaps.ts";
import { evaluationOf, gatesOf, qualityOf, recipeOf, type Ledger } from "./ledger.ts";

/** What a verdict may be; more than one where the design leaves it open. */
export type Expected = {
  name: string;
  kinds: readonly string[];
  recipe: string;
  /** the bytes that may be meant, "" where there are none */
  artifacts: readonly string[];
  /** to which an acceptance binds; one for each of the bytes */
  evidence: readonly string[];
  /** a `first` that waits for /accept whatever its gates say */
  waits?: boolean;
};

/** Two sides of a change, and who is asked about it. */
export type Question = { base: Files; merged: Files; pull?: number | undefined; messages: readonly string[] };

/** Kinds of a model that nobody has trained yet, or that could not be judged: all of them are not green. */
export const notJudged = ["stale", "untrained", "error"] as const;

/** The verdicts that the laws allow on a change, a model each (law 4 and its rulings). */
export function judgeChange(town: Town, ledger: Ledger, question: Question): readonly Expected[] {
  const [before, after] = [town.repo.spec(question.base), town.repo.spec(question.merged)];
  const gone = before.models.filter(({ name }) => after.models.every((one) => one.name !== name && one.was !== name));
  return [
    ...after.models.map((model) => {
      const old =
        before.models.find(({ name }) => name === model.name) ?? before.models.find(({ name }) => name === model.was);
      return old === undefined
        ? judgeNew(town, ledger, question, model, gone.length > 0)
        : judgeOld(town, ledger, question, old, model);
    }),
    ...gone.map((model) => judgeGone(ledger, model)),
  ];
}

function judgeGone(ledger: Ledger, model: ModelSpec): Expected {
  const { name } = model;
  const production = ledger.standing(name, model.stages.at(-1) ?? "");
  return { name, kinds: ["retired"], recipe: "", artifacts: [""], evidence: [`${name} retired ${production}`] };
}

/** A model that the base does not have: its own definitions and gates count. */
function judgeNew(town: Town, ledger: Ledger, question: Question, model: ModelSpec, replaces: boolean): Expected {
  const comesBack = ledger.assigned.some((one) => one.model === model.name);
  return { ...judgeCandidate(town, ledger, question, model, model), waits: replaces || comesBack };
}

function judgeOld(town: Town, ledger: Ledger, question: Question, old: ModelSpec, model: ModelSpec): Expected {
  const { base, merged } = question;
  const recipe = recipeOf(merged);
  const common = { name: model.name, recipe, artifacts: [""], evidence: [] };
  const production = ledger.standing(old.name, old.stages.at(-1) ?? "");
  const shrunk = old.stages.some((stage, index) => model.stages[index] !== stage);
  if (shrunk) return { ...common, kinds: ["error"] };
  // the default branch has lost a stage along which versions were moved: nothing is judged but what is not affected
  if (hasLostStage(ledger, old) || hasLostStage(ledger, model)) return { ...common, kinds: ["error", "not_affected"] };
  const isSame =
    evaluationOf(base, old) === evaluationOf(merged, model) &&
    gatesOf(old) === gatesOf(model) &&
    old.name === model.name &&
    old.combinations === model.combinations &&
    old.stages.length === model.stages.length;
  const sameRecipe = recipeOf(base) === recipe;
  const isForks = question.pull !== undefined && town.pull(question.pull).fork;
  const isOpen = gaps.forksSettingsAreNotMeasured && isForks;
  const unchanged = isSame ? ["not_affected"] : isOpen ? ["settings", "error"] : ["settings"];
  if (model.pin !== undefined && model.pin !== old.pin) {
    const version = ledger.versionOf(old.name, ({ version: number }) => number === model.pin);
    if (version === undefined) return { ...common, kinds: ["error"] };
    // where the inputs change as well, both may be said first
    if (version.artifact === production)
      return { ...common, kinds: sameRecipe ? ["settings"] : ["settings", "return"] };
    if (ledger.hasHeldLast(old.name, version.version))
      return { ...common, kinds: ["return"], artifacts: [version.artifact] };
    return judgeCandidate(town, ledger, question, old, model, ledger.recipeOfArtifact(version.artifact));
  }
  if (model.pin === undefined && old.pin !== undefined) {
    // the inputs decide again: what they make may be what stands, or come back
    const judged = judgeCandidate(town, ledger, question, old, model);
    const stands = ledger.recipeOfArtifact(production) === recipe;
    return { ...judged, kinds: stands ? ["settings", "pass", "inconclusive", "return"] : [...judged.kinds, "return"] };
  }
  if (sameRecipe) return { ...common, kinds: unchanged };
  const found = findReturn(town, ledger, question, old.name, recipe);
  const back =
    model.pin === undefined ? found : gaps.revertsPromiseWhilePinned && found !== undefined ? "perhaps" : undefined;
  const judged = judgeCandidate(town, ledger, question, old, model);
  if (back === "certain") return { ...judged, kinds: ["return"] };
  if (back === "perhaps") return { ...judged, kinds: [...judged.kinds, "return", ...unchanged] };
  // by hand to what stands in production already: the design does not say whether that is compared with itself
  if (ledger.recipeOfArtifact(production) === recipe)
    return { ...judged, kinds: ["settings", "not_affected", "pass", "inconclusive", ...judged.kinds] };
  return judged;
}

/** Have versions been moved along a stage that the config does not name any more? */
export function hasLostStage(ledger: Ledger, { name, stages }: ModelSpec): boolean {
  const names = ledger.names(name);
  return ledger.assigned.some(({ model, stage }) => names.includes(model) && !stages.includes(stage));
}

/**
 * Does a message say what it reverts, is the recipe the one from before it, and has its version stood at the last stage?
 * "perhaps": it stands there now, while the default branch asks for something else.
 */
export function findReturn(
  town: Town,
  ledger: Ledger,
  { messages }: Pick<Question, "messages">,
  name: string,
  recipe: string,
): "certain" | "perhaps" | undefined {
  const named = messages.flatMap((message) => [...message.matchAll(/This reverts commit ([0-9a-f]{40})/g)]);
  const known = town.repo.ancestors(town.repo.main.sha);
  const isBefore = named.some(([, sha = ""]) => {
    if (!known.has(sha)) return false;
    const parent = town.repo.get(sha).parents[0];
    return parent !== undefined && recipeOf(town.repo.get(parent).files) === recipe;
  });
  if (!isBefore) return undefined;
  const versions = ledger.registered.filter(
    ({ model, artifact }) => ledger.names(name).includes(model) && ledger.recipeOfArtifact(artifact) === recipe,
  );
  if (!versions.some(({ version }) => ledger.hasHeldLast(name, version))) return undefined;
  const { stages } = town.spec.models.find((one) => one.name === name) ?? { stages: [] };
  const stands = stages.some((stage) => ledger.recipeOfArtifact(ledger.standing(name, stage)) === recipe);
  return stands ? "perhaps" : "certain";
}

/** The bytes that a recipe means for a model: its registered version, else the newest run that counts. */
export function candidatesOf(
  town: Town,
  ledger: Ledger,
  name: string,
  recipe: string,
  pull?: number,
): readonly string[] {
  const versions = ledger.registered.filter(
    ({ model, artifact }) => ledger.names(name).includes(model) && ledger.recipeOfArtifact(artifact) === recipe,
  );
  const runs = ledger.usable(town, recipe, pull);
  if (versions.length > 0) return [...new Set([...versions, ...runs].map(({ artifact }) => artifact))];
  const newest = runs.at(-1);
  return newest === undefined ? [] : [newest.artifact];
}

/** By the gates of `judge`, on its evaluation, against what stands at its last stage. */
function judgeCandidate(
  town: Town,
  ledger: Ledger,
  { base, merged, pull }: Question,
  judge: ModelSpec,
  model: ModelSpec,
  recipe: string = recipeOf(merged),
): Expected {
  const { name } = model;
  const artifacts = candidatesOf(town, ledger, judge.name, recipe, pull);
  const production = ledger.standing(judge.name, judge.stages.at(-1) ?? "");
  const evidence = artifacts.map((artifact) =>
    JSON.stringify([
      name,
      artifact,
      production,
      evaluationOf(merged, judge),
      evaluationOf(merged, model),
      gatesOf(judge),
      gatesOf(model),
    ]),
  );
  const common = { name, recipe, artifacts, evidence };
  if (artifacts.length === 0) return { ...common, kinds: notJudged };
  const stood = ledger.recipeOfArtifact(production);
  const kinds = [judgeByGates(judge, recipe, stood)];
  // a fork's code runs in its own run alone: what that one was not asked is not measured
  const isFork = pull !== undefined && town.pull(pull).fork;
  // nor is anything believed that was measured under a workflow file of a pull request's own
  const isForeign = base.get(paths.workflow) !== merged.get(paths.workflow);
  // a run that was lost is told until somebody asks again
  const isShaken = pull !== undefined && ledger.shaken.has(town.pull(pull).head.sha);
  return { ...common, kinds: isFork || isForeign || isShaken ? [...kinds, ...notJudged] : kinds };
}

/** What the gates say: by the interval, not by the point. */
export function judgeByGates(gates: ModelSpec, recipe: string, production: string | undefined): string {
  const { auc, spread } = qualityOf(recipe);
  const bars = [{ low: auc - spread, high: auc + spread, bar: gates.atLeast }];
  if (production !== undefined) {
    const lead = auc - qualityOf(production).auc;
    bars.push({ low: lead - spread, high: lead + spread, bar: -gates.mayWorsen });
  }
  if (bars.some(({ high, bar }) => high < bar)) return "fail";
  const isOpen = bars.some(({ low, bar }) => low < bar);
  if (production === undefined) return "first";
  return isOpen ? "inconclusive" : "pass";
}

/** Green by its kind, by its gates, or by an acceptance of this very evidence. `undefined`: the laws leave it open. */
export function isGreen(ledger: Ledger, expected: Expected, kind: string, gates: ModelSpec): boolean | undefined {
  if (["pass", "not_affected", "settings", "return"].includes(kind)) return true;
  if (!["first", "inconclusive", "retired"].includes(kind)) return false;
  const accepted = expected.evidence.map((one) => ledger.accepted.has(one));
  if (accepted.length > 0 && accepted.every(Boolean)) return true;
  const { auc, spread } = qualityOf(expected.recipe);
  if (kind === "first" && expected.waits !== true && auc - spread >= gates.atLeast) return true;
  const open = accepted.some(Boolean) || expected.evidence.some((one) => ledger.perhapsAccepted.has(one));
  return open ? undefined : false;
}

/** All messages of the commits between two, oldest first. */
export function messagesBetween(town: Town, base: Made, head: Made): readonly string[] {
  const known = town.repo.ancestors(base.sha);
  return [...town.repo.ancestors(head.sha)].filter((sha) => !known.has(sha)).map((sha) => town.repo.get(sha).message);
}
