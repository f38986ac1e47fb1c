import { digest } from "#core/canonical.ts";
import type { Town } from "../town/town.ts";
import { gaps } from "./gaps.ts";
import type { Ledger } from "./ledger.ts";
import type { Registered } from "./read-tags.ts";

/** What holds of tags and releases at any time, whatever was lost. Answers what does not. */
export function checkTags(town: Town, ledger: Ledger): string | undefined {
  const models = new Set([...ledger.registered, ...ledger.assigned].map(({ model }) => model));
  for (const model of models) {
    const wrong = checkOrder(ledger, model) ?? checkNumbers(ledger, model);
    if (wrong !== undefined) return wrong;
  }
  for (const version of ledger.registered) {
    const wrong = checkVersion(town, ledger, version);
    if (wrong !== undefined) return wrong;
  }
  for (const { tag, model, version, target, why, by, pull } of ledger.assigned) {
    const known = ledger.registered.find((one) => one.model === model && one.version === version);
    if (known === undefined) return `${tag} names ${version}, which is not registered`;
    if (known.target !== target) return `${tag} is not on the commit of ${version}`;
    if (why === "") return `${tag} does not say why`;
    if (by !== null && !town.world.memory.writers.includes(by))
      return `${tag} was moved by the word of ${by}, who may not write`;
    if (pull !== null && !town.pull(pull).merged) return `${tag} was moved for #${pull}, which was not merged`;
  }
  return undefined;
}

function checkOrder({ registered, assigned, everRenamed }: Ledger, model: string): string | undefined {
  const dated = [...registered, ...assigned].filter((one) => one.model === model).toSorted((a, b) => a.date - b.date);
  const least = gaps.renamesRepeatADate && everRenamed.has(model) ? 0 : 1_000;
  for (const [index, { date, tag }] of dated.entries()) {
    const before = dated[index - 1];
    if (before !== undefined && date - before.date < least)
      return `the dates of ${before.tag} and ${tag} do not grow by a second`;
  }
  const counters = assigned.filter((one) => one.model === model).map(({ counter }) => counter);
  if (counters.some((counter, index) => counter !== index + 1))
    return `the counters of ${model} are ${counters.join(", ")}`;
  return undefined;
}

/** The first is v1.0.0, each bumps the minor; under another name they go on, and older ones may come again. */
function checkNumbers(ledger: Ledger, model: string): string | undefined {
  const own = ledger.registered.filter((one) => one.model === model);
  const all = ledger.registered.filter((one) => ledger.names(model).includes(one.model));
  const minors = [...new Set(all.map(({ version }) => Number(/^v1\.(\d+)\.0$/.exec(version)?.[1])))].toSorted(
    (a, b) => a - b,
  );
  if (minors.some((minor, index) => minor !== index))
    return `the versions of ${model} are ${all.map(({ version }) => version).join(", ")}`;
  const recipes = own.map(({ artifact, recipe }) => `${recipe} ${artifact}`);
  if (new Set(recipes).size < own.length)
    return `${model} has two versions of one run: ${own.map(({ version }) => version).join(", ")}`;
  return undefined;
}

function checkVersion(
  { world, repo }: Town,
  ledger: Ledger,
  { tag, artifact, target, recipe }: Registered,
): string | undefined {
  const trainings = ledger.trainings.filter((training) => training.artifact === artifact);
  if (trainings.length === 0) return `${tag} holds bytes that nobody trained`;
  if (trainings.every(({ fork }) => fork)) return `${tag} holds what only a fork trained`;
  if (trainings.every(({ foreign }) => foreign))
    return `${tag} holds what was only trained under a workflow of its own making`;
  if (trainings.every((training) => ledger.recipeOfHash.get(recipe) !== training.recipe))
    return `${tag} names a recipe that its bytes do not have`;
  if (!repo.ancestors(repo.main.sha).has(target)) return `${tag} is on no commit of the default branch`;
  const release = world.storage.releases.find((one) => one.tag === tag);
  if (release === undefined || release.draft) return `${tag} has no published release`;
  if (!Object.values(release.assets).some((text) => digest(text) === artifact))
    return `the release of ${tag} does not hold its bytes`;
  return undefined;
}
