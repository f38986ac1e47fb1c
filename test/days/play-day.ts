import type { Ports } from "#core/ports.ts";
import { Chance } from "./chance.ts";
import { checkStages } from "./laws/check-default.ts";
import { checkPulls } from "./laws/check-pulls.ts";
import { checkRest, lookAgain } from "./laws/check-rest.ts";
import { checkTags } from "./laws/check-tags.ts";
import { checkTrained, noteTrainings } from "./laws/check-trainings.ts";
import { expectStages, type Allowed } from "./laws/expect-stages.ts";
import { expectGone } from "./laws/expect-gone.ts";
import { Ledger, type Word } from "./laws/ledger.ts";
import { noteGroups, noteWord } from "./laws/note-words.ts";
import { noteSpec, noteTags } from "./laws/note-tags.ts";
import { actOf } from "./steps/all-steps.ts";
import type { Step, Trouble } from "./steps/step.ts";
import type { Happening } from "./town/shells.ts";
import { Town, type Settings } from "./town/town.ts";

/** `told`: what each step came to; `disagreement`: where the product and the laws parted after the last of them. */
export type Played = { disagreement: string | undefined; told: readonly string[] };

const start: Step = { kind: "sweep", roll: 0, trouble: "none" };

/** Plays a day on a new repository, and holds it to the laws after each step. */
export async function playDay(
  settings: Settings,
  steps: readonly Step[],
  options: { wrap?: (ports: Ports) => Ports } = {},
): Promise<Played> {
  const town = new Town(settings);
  if (options.wrap !== undefined) town.shells.wrap = options.wrap;
  const ledger = new Ledger();
  const told: string[] = ["main begins"];
  let calm = true;
  const first = await look(town, ledger, { kind: "", trouble: "none", calm, word: undefined });
  if (first !== undefined) return { disagreement: first, told };
  const last = { ...start };
  for (const step of [...steps, last]) {
    const act = actOf(step);
    const ending = step.trouble === "failed" ? "failed" : step.trouble === "machine-lost" ? "lost" : "well";
    const does = act(town, new Chance(step.roll), ending);
    if (does === undefined) continue;
    told.push(`${step.kind}: ${does.says}${step.trouble === "none" ? "" : ` (${step.trouble})`}`);
    // what was lost is found by the next sweep, at the latest
    if (["lost", "lost-end", "lost-some", "machine-lost"].includes(step.trouble)) {
      calm = false;
    } else if (step.kind === "sweep" && step.trouble === "none") calm = true;
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    const says = await look(town, ledger, { kind: step.kind, trouble: step.trouble, calm, word: does.word });
    if (says !== undefined) return { disagreement: says, told };
  }
  return { disagreement: undefined, told };
}

/** What no event tells everybody whom it is about: a sweep does. */
const quiet = new Set(["expire", "train again"]);

/** What the checks of those pull requests say whose own runs have just ended. */
function conclusionsOf({ shells, world, pulls }: Town): Map<number, string> {
  const found = new Map<number, string>();
  for (const { trigger } of shells.performed) {
    const pull = trigger.kind === "pull" ? pulls.find(({ number }) => number === trigger.number) : undefined;
    if (pull === undefined || pull.fork || pull.state !== "open" || pull.mergeable !== true) continue;
    const state = world.memory.checks.find(({ head }) => head === pull.head.sha)?.check.state;
    found.set(pull.number, state?.kind === "completed" ? state.conclusion : "in progress");
  }
  return found;
}

/** Is there something that only a sweep will tell? */
function isUntold({ open, settings, shells }: Town): boolean {
  // with Actions only, a fork and a conflict are told of by the next run on the default branch
  if (settings.writer === "actions" && open.some(({ fork, mergeable }) => fork || mergeable !== true)) return true;
  // what one run found out may be about others, too: main and another pull request, or two, with one recipe
  return shells.performed.some(({ plan }) => plan !== undefined && plan.comparisons.length > 0);
}

type Moment = { kind: string; trouble: Trouble; calm: boolean; word: Word | undefined };

/** Lets everything come to rest, and compares it with the laws. */
async function look(town: Town, ledger: Ledger, { kind, trouble, calm, word }: Moment): Promise<string | undefined> {
  const { shells } = town;
  disturb(town, trouble);
  shells.performed.length = 0;
  const losing = losses[trouble];
  let count = 0;
  await shells.settle(losing === undefined ? undefined : (happening) => losing(happening, count++));
  town.meetRobots();
  await shells.settle();
  if (calm && (quiet.has(kind) || isUntold(town))) {
    const told = trouble === "none" && !quiet.has(kind) ? conclusionsOf(town) : new Map<number, string>();
    await lookAgain(town);
    await shells.settle();
    const now = conclusionsOf(town);
    const other = [...told].find(([number, conclusion]) => now.get(number) !== conclusion);
    if (other !== undefined)
      return `#${other[0]} was ${other[1]} by what its own run found, and is ${now.get(other[0])} when it is looked at again`;
  }
  const [surprise] = shells.surprises;
  if (surprise !== undefined) return `a flow threw: ${surprise}`;
  const wrong = noteTrainings(town, ledger, shells.performed, calm);
  if (wrong !== undefined) return wrong;
  noteSpec(town, ledger);
  const allowed = new Map<string, Allowed>(
    town.spec.models.map((model) => [model.name, expectStages(town, ledger, model, word)]),
  );
  for (const [name, stages] of expectGone(town, ledger, word)) allowed.set(name, stages);
  const lax = calm ? allowed : addBefore(ledger, allowed);
  noteTags(town, ledger);
  const broken = checkTags(town, ledger) ?? checkStages(town, ledger, lax);
  if (broken !== undefined) return broken;
  noteGroups(town, ledger, calm);
  if (calm) for (const training of ledger.trainings) training.heard = true;
  noteWord(town, ledger, word, calm);
  if (!calm) {
    blur(town, ledger);
    return undefined;
  }
  const rest = await checkRest(town);
  return (
    rest.wrong ??
    checkPulls(town, ledger, rest.answers) ??
    (trouble === "none" ? checkTrained(town, ledger, shells.performed) : undefined)
  );
}

/** Nobody knows what was said last of a pull request whose events were lost. */
function blur(town: Town, ledger: Ledger): void {
  for (const review of ledger.reviews.values()) review.unsure = true;
  for (const { number, head } of town.open) {
    const merged = town.pull(number).mergeable === true ? town.repo.spec(town.mergedWith(head.sha).files).models : [];
    for (const { name } of [...town.spec.models, ...merged]) {
      const key = `pull ${head.sha} ${number} ${name}`;
      if (!ledger.reviews.has(key))
        ledger.reviews.set(key, { kind: "", green: false, recipe: "", artifacts: [], unsure: true });
    }
  }
}

/** What was lost may have been a move: then it stands as it did. */
function addBefore(ledger: Ledger, allowed: ReadonlyMap<string, Allowed>): ReadonlyMap<string, Allowed> {
  return new Map(
    [...allowed].map(([model, stages]) => [
      model,
      new Map([...stages].map(([stage, artifacts]) => [stage, new Set([...artifacts, ledger.standing(model, stage)])])),
    ]),
  );
}

const losses: Partial<Record<Trouble, (happening: Happening, index: number) => boolean>> = {
  lost: () => true,
  "lost-end": ({ kind }) => kind === "ended",
  "lost-some": (_, index) => index % 2 === 0,
};

function disturb({ settings, shells }: Town, trouble: Trouble): void {
  const { queue } = shells;
  if (trouble === "swapped") queue.reverse();
  if (trouble !== "twice") return;
  // a webhook that is delivered twice, or a run that somebody starts again
  const again = [...queue];
  for (const happening of again) {
    if (happening.kind !== "run") queue.push(happening);
    else if (settings.writer === "actions") shells.startRun(happening.trigger, happening.ending);
  }
}
