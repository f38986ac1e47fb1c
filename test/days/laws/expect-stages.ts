import type { Made } from "../town/repository.ts";
import type { ModelSpec } from "../town/spec.ts";
import type { Town } from "../town/town.ts";
import { candidatesOf, findReturn, hasLostStage, judgeByGates, messagesBetween } from "./judge.ts";
import { recipeOf, type Ledger, type Review, type Word } from "./ledger.ts";

/** What may stand at a stage: digests, "" for nothing. */
export type Allowed = ReadonlyMap<string, ReadonlySet<string>>;

/** How sure the laws are of something. */
type Sure = "yes" | "perhaps" | "no";

/**
 * What the laws want at each stage of a model after the newest head of the default branch was looked at, or a word was
 * said (laws 1 and 2). `ledger` still holds what stood before.
 */
export function expectStages(town: Town, ledger: Ledger, model: ModelSpec, word: Word | undefined): Allowed {
  const before = standingBefore(ledger, model);
  const stages = new Map(model.stages.map((stage, index) => [stage, new Set([before[index] ?? ""])]));
  const only = (stage: string, artifacts: readonly string[]): void => void stages.set(stage, new Set(artifacts));
  const also = (stage: string, artifacts: readonly string[]): void =>
    artifacts.forEach((one) => stages.get(stage)?.add(one));
  if (hasLostStage(ledger, model)) return stages;
  const [first = ""] = model.stages;
  if (model.pin !== undefined) {
    const version = ledger.versionOf(model.name, ({ version: number }) => number === model.pin);
    if (version === undefined) return stages;
    const last = model.stages.at(-1) ?? "";
    // the design does not say whether pinning what is live brings it back to the stages before, too
    if ([...(stages.get(last) ?? [])].join() === version.artifact) {
      for (const stage of model.stages) also(stage, [version.artifact]);
    } else if (ledger.hasHeldLast(model.name, version.version)) {
      for (const stage of model.stages)
        if (ledger.hasHeld(model.name, stage, version.version)) only(stage, [version.artifact]);
    } else {
      const sure = reviewed(town, ledger, model, version.artifact);
      if (sure === "yes") only(first, [version.artifact]);
      if (sure === "perhaps") also(first, [version.artifact]);
      const next = obeyed(ledger, model, before, [version.artifact], word);
      if (next !== undefined) also(next, [version.artifact]);
    }
    return stages;
  }
  const recipe = recipeOf(town.repo.main.files);
  const artifacts = candidatesOf(town, ledger, model.name, recipe);
  const isAt = (stage: string): boolean =>
    [...(stages.get(stage) ?? [])].some((one) => ledger.recipeOfArtifact(one) === recipe);
  if (!isAt(first)) {
    const back = sayReturn(town, ledger, model, recipe);
    if (back !== "no") {
      const version = ledger.versionOf(model.name, ({ artifact }) => ledger.recipeOfArtifact(artifact) === recipe);
      for (const stage of model.stages) {
        if (version === undefined || !ledger.hasHeld(model.name, stage, version.version)) continue;
        if (back === "yes") only(stage, artifacts);
        else also(stage, artifacts);
      }
    }
    const review = reviewed(town, ledger, model, recipe);
    if (back === "no" && review === "yes") only(first, artifacts);
    if (review === "perhaps") also(first, artifacts);
    if (back === "no" && review === "no") {
      const combined = combines(town, ledger, model, recipe, before);
      if (combined === "yes") only(first, artifacts);
      if (combined === "perhaps") also(first, artifacts);
    }
  }
  const next = obeyed(ledger, model, before, artifacts, word);
  if (next !== undefined) {
    // what had expired while it waited is trained by the word, and waits once more
    const recipe = ledger.recipeOfArtifact(artifacts[0] ?? "");
    const isTrainedAgain = ledger.trainings.filter((training) => training.recipe === recipe).length > 1;
    if (artifacts.length === 1 && word?.digest !== "none" && !isTrainedAgain) only(next, artifacts);
    else also(next, artifacts);
  }
  return stages;
}

/** What stood, and where stages begin that are new: at the version before them, if that was registered earlier. */
function standingBefore(ledger: Ledger, model: ModelSpec): readonly string[] {
  const found: string[] = [];
  for (const [index, stage] of model.stages.entries()) {
    const stands = ledger.standing(model.name, stage);
    const beside = found[index - 1] ?? "";
    const isNew = ledger
      .names(model.name)
      .every((name) => ledger.assigned.every((one) => one.model !== name || one.stage !== stage));
    const since = ledger.stageSince.get(`${model.name} ${stage}`) ?? 0;
    const names = ledger.names(model.name);
    const registered = ledger.registered.findIndex((one) => one.artifact === beside && names.includes(one.model));
    const grows = isNew && index > 0 && registered >= 0 && registered < since;
    found.push(stands === "" && grows ? beside : stands);
  }
  return found;
}

/** Where the model's desired run became what it is, back along the default branch. */
function originOf(town: Town, name: string): readonly Made[] {
  const line = town.repo.history();
  const wanted = desiredAt(town, line[0], name);
  const end = line.findIndex((made) => desiredAt(town, made, name) !== wanted);
  return line.slice(0, end < 0 ? line.length : end).toReversed();
}

function desiredAt(town: Town, made: Made | undefined, name: string): string {
  if (made === undefined) return "";
  const spec = town.repo.spec(made.files);
  const now = town.spec.models.find((one) => one.name === name);
  const model = spec.models.find((one) => one.name === name || one.name === now?.was);
  if (model === undefined) return "";
  return model.pin === undefined ? recipeOf(made.files) : `pin ${model.pin}`;
}

/** The last verdict of what a commit of the default branch merged: the pull request's, or its group's. */
export function reviewOf(town: Town, ledger: Ledger, made: Made, name: string): Review | undefined {
  if (made.pull === undefined) return undefined;
  const own = ledger.reviews.get(`pull ${town.pull(made.pull).head.sha} ${made.pull} ${name}`);
  const group = ledger.reviews.get(`group ${made.sha} ${made.pull} ${name}`);
  return group?.green === true ? group : (own ?? group);
}

/** Was exactly this (a recipe, or the bytes that a pin names) said yes to in the pull request that brought it? */
function reviewed(town: Town, ledger: Ledger, model: ModelSpec, wanted: string): Sure {
  const [origin, ...later] = originOf(town, model.name);
  if (origin === undefined) return "no";
  const fits = (made: Made): Sure => {
    const review = reviewOf(town, ledger, made, model.name);
    if (made.pull === undefined || review === undefined) return "no";
    if (review.unsure) return "perhaps";
    // what a fork trained never ships; what the merge queue's own run has trained does
    const isForks =
      town.pull(made.pull).fork && review !== ledger.reviews.get(`group ${made.sha} ${made.pull} ${model.name}`);
    const trusted = ledger.trainings.some(({ artifact, fork }) => !fork && review.artifacts.includes(artifact));
    // it may have been judged by a run of ours with the same recipe, which ships, whatever its report says of forks
    if (isForks && trusted && review.green) return "perhaps";
    if (!review.green || isForks || ["not_affected", "settings"].includes(review.kind)) return "no";
    const same = review.recipe === wanted || review.artifacts.includes(wanted);
    if (!same) return "no";
    // an acceptance or run that may be about other bytes, or bytes that have gone meanwhile
    const there =
      model.pin !== undefined ||
      candidatesOf(town, ledger, model.name, wanted).some((one) => review.artifacts.includes(one));
    if (!there) return "no";
    const runs = ledger.trainings.filter(({ artifact }) => review.artifacts.includes(artifact));
    // main may have trained it before or after it was reviewed
    if (runs.some(({ pull }) => pull === undefined)) return "perhaps";
    return review.artifacts.length === 1 ? "yes" : "perhaps";
  };
  const atOrigin = fits(origin);
  if (atOrigin !== "no") return atOrigin;
  // the same recipe, reviewed by a pull request that came before or after it: the design leaves open which one counts
  const others = [...later, ...town.repo.history()].filter((made) => made !== origin);
  return others.some((made) => fits(made) !== "no") ? "perhaps" : "no";
}

/** Does a commit say what it reverts, and is the recipe the one from before it? */
function sayReturn(town: Town, ledger: Ledger, model: ModelSpec, recipe: string): Sure {
  const [origin] = originOf(town, model.name);
  const head = town.repo.main;
  const parent = origin?.parents[0];
  if (origin === undefined || parent === undefined) return "no";
  const messages = messagesBetween(town, town.repo.get(parent), origin);
  const found = findReturn(town, ledger, { messages }, model.name, recipe);
  if (found === undefined) {
    const all = town.repo
      .history()
      .slice(0, 8)
      .map(({ message }) => message);
    return findReturn(town, ledger, { messages: all }, model.name, recipe) === undefined ? "no" : "perhaps";
  }
  // a later commit, whose own event may be the first that was seen, says nothing any more
  return origin === head && found === "certain" ? "yes" : "perhaps";
}

/** Did only reviewed pull requests change the model since what stands, and may a pass let them through? */
function combines(town: Town, ledger: Ledger, model: ModelSpec, recipe: string, before: readonly string[]): Sure {
  if (model.combinations !== "gate") return "no";
  const production = ledger.recipeOfArtifact(before.at(-1) ?? "");
  if (production === undefined || judgeByGates(model, recipe, production) !== "pass") return "no";
  const line = town.repo.history();
  let sure: Sure = "yes";
  let reached = false;
  for (const made of line) {
    const desired = desiredAt(town, made, model.name);
    if (desired === production) {
      reached = true;
      break;
    }
    const parent = made.parents[0];
    if (parent !== undefined && desiredAt(town, town.repo.get(parent), model.name) === desired) continue;
    const review = reviewOf(town, ledger, made, model.name);
    if (review?.unsure === true) sure = "perhaps";
    else if (review?.green !== true || made.pull === undefined || town.pull(made.pull).fork) return "no";
  }
  return reached ? (ledger.usable(town, recipe).length > 0 ? sure : "perhaps") : "perhaps";
}

/** The stage that a word lets the model enter, if it may. */
function obeyed(
  ledger: Ledger,
  model: ModelSpec,
  before: readonly string[],
  artifacts: readonly string[],
  word: Word | undefined,
): string | undefined {
  if (word?.command !== "promote" || word.model !== model.name || word.by !== "ada" || word.digest === "wrong")
    return undefined;
  const [artifact] = artifacts;
  if (artifact === undefined) return undefined;
  const recipe = ledger.recipeOfArtifact(artifact) ?? "";
  const next = model.stages.find((_, index) => ledger.recipeOfArtifact(before[index] ?? "") !== recipe);
  if (next === undefined) return undefined;
  const production = ledger.recipeOfArtifact(before.at(-1) ?? "");
  return ["pass", "first", "inconclusive"].includes(judgeByGates(model, recipe, production)) ? next : undefined;
}
