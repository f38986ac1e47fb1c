import type { Files } from "../town/repository.ts";
import type { Performed } from "../town/shells.ts";
import { paths, type Town } from "../town/town.ts";
import { gaps } from "./gaps.ts";
import { candidatesOf, hasLostStage, judgeChange } from "./judge.ts";
import { recipeOf, type Ledger, type Training } from "./ledger.ts";

/** The tree that a run was planned for. */
function treeOf(town: Town, plan: NonNullable<Performed["plan"]>): Files | undefined {
  if (plan.pull === null) return town.repo.get(plan.head).files;
  const { files, conflict } = town.mergedWith(town.pull(plan.pull).head.sha);
  return conflict ? undefined : files;
}

/** Notes what was trained, and answers what should not have been (law 2: never twice, unless somebody asks). */
export function noteTrainings(
  town: Town,
  ledger: Ledger,
  performed: readonly Performed[],
  calm: boolean,
): string | undefined {
  const noted: Training[] = [];
  let wrong: string | undefined;
  for (const { id, trigger, plan, made, ending } of performed) {
    if (plan !== undefined && ending === "well") ledger.shaken.delete(plan.head);
    if (plan !== undefined && ending !== "well") ledger.shaken.add(plan.head);
    if (plan === null || plan === undefined || made.length === 0) continue;
    const tree = treeOf(town, plan);
    const pull = plan.pull ?? undefined;
    if (tree === undefined) return `run ${id} trained what cannot be merged`;
    const recipe = recipeOf(tree);
    const isMain = pull === undefined && trigger.kind !== "group";
    const foreign =
      !isMain &&
      trigger.kind !== "train" &&
      trigger.kind !== "comment" &&
      tree.get(paths.workflow) !== town.repo.main.files.get(paths.workflow);
    for (const one of made) {
      const training = {
        model: one.model,
        recipe,
        artifact: one.artifact,
        run: id,
        pull,
        fork: pull !== undefined && town.pull(pull).fork,
        foreign,
        heard: calm,
      };
      wrong ??= checkIdentity(ledger, one.recipe, recipe) ?? checkNeed(town, ledger, training, { trigger, isMain });
      noted.push(training);
    }
  }
  ledger.trainings.push(...noted);
  return wrong;
}

/** One recipe has one hash. */
function checkIdentity({ recipeOfHash }: Ledger, hash: string, recipe: string): string | undefined {
  const known = recipeOfHash.get(hash);
  if (known !== undefined && known !== recipe) return `two recipes have one hash: ${known} and ${recipe}`;
  if (known === undefined && [...recipeOfHash.values()].includes(recipe)) return `one recipe has two hashes: ${recipe}`;
  recipeOfHash.set(hash, recipe);
  return undefined;
}

function checkNeed(
  town: Town,
  ledger: Ledger,
  training: Training,
  { trigger, isMain }: { trigger: Performed["trigger"]; isMain: boolean },
): string | undefined {
  const { model, recipe, run, pull } = training;
  const what = `run ${run} (${trigger.kind}) trained ${model} ${recipe}`;
  const again =
    trigger.kind === "train" ? trigger.again : trigger.kind === "comment" && trigger.comment.body.includes("--again");
  // two models with one recipe are trained once each (docs/design.md, known gaps)
  const known = ledger
    .usable(town, recipe, pull)
    .filter((one) => (one.heard || !gaps.unheardIsTrainedAgain) && ledger.isThere(town, one, model));
  if (!again && known.length > 0) return `${what}, which run ${known.at(-1)?.run} had trained`;
  const spec = town.spec.models.find((one) => one.name === model);
  if (isMain && spec?.pin !== undefined) return `${what} on the default branch, while it is pinned`;
  if (trigger.kind !== "pull" || spec === undefined) return undefined;
  const { draft, labels } = town.pull(trigger.number);
  const met = { push: true, ready: !draft, label: labels.includes("train"), command: false }[spec.when];
  return met ? undefined : `${what}, though "when: ${spec.when}" is not met`;
}

/** Runs that should have trained something, and did not. `performed`: runs that nothing went wrong with. */
export function checkTrained(town: Town, ledger: Ledger, performed: readonly Performed[]): string | undefined {
  for (const { id, trigger } of performed) {
    if (trigger.kind === "push" && town.repo.main.sha !== "") {
      const wrong = checkMain(town, ledger, id);
      if (wrong !== undefined) return wrong;
    }
    if (trigger.kind !== "pull") continue;
    const pull = town.pull(trigger.number);
    if (pull.state !== "open" || pull.mergeable !== true || pull.fork) continue;
    const { files, both } = town.mergedWith(pull.head.sha);
    if ((both && !town.settings.testMerges) || files.get(paths.workflow) !== town.repo.main.files.get(paths.workflow))
      continue;
    const question = { base: town.repo.main.files, merged: files, pull: pull.number, messages: pull.messages };
    for (const { name, kinds, recipe } of judgeChange(town, ledger, question)) {
      const when = town.spec.models.find((model) => model.name === name)?.when ?? town.settings.when;
      const met = { push: true, ready: !pull.draft, label: pull.labels.includes("train"), command: false }[when];
      if (met && kinds.join() === "stale,untrained,error")
        return `run ${id} of #${pull.number} did not train ${name} ${recipe}`;
    }
  }
  return undefined;
}

function checkMain(town: Town, ledger: Ledger, id: number): string | undefined {
  const recipe = recipeOf(town.repo.main.files);
  if (town.spec.models.some((model) => hasLostStage(ledger, model))) return undefined;
  // bytes that expired while they waited are trained again when somebody asks for them
  if (ledger.trainings.some((training) => training.recipe === recipe && !training.fork && !training.foreign))
    return undefined;
  const open = town.spec.models.find(
    (model) => model.pin === undefined && candidatesOf(town, ledger, model.name, recipe).length === 0,
  );
  return open === undefined ? undefined : `run ${id} on main did not train ${open.name} ${recipe}`;
}
