import type { Chance } from "../chance.ts";
import { expire, merge, pinMain, pushMain, revertMain, sweep } from "./main-steps.ts";
import {
  changeModels,
  close,
  makeReady,
  openForeign,
  openFork,
  openPull,
  pin,
  push,
  pushBack,
  reopen,
  revert,
  updateBranch,
} from "./pull-steps.ts";
import { enqueue, mergeQueued } from "./queue-steps.ts";
import type { Act, Step, Trouble } from "./step.ts";
import { accept, hold, promote, rollback, train, trainAgain } from "./word-steps.ts";

/** What a day is made of, and how often. */
const kinds: readonly (readonly [weight: number, kind: string, act: Act])[] = [
  [26, "open", openPull],
  [4, "open from a fork", openFork],
  [2, "open with a workflow", openForeign],
  [8, "push", push],
  [3, "push back", pushBack],
  [5, "update branch", updateBranch],
  [24, "merge", merge],
  [2, "close", close],
  [2, "reopen", reopen],
  [4, "make ready", makeReady],
  [6, "revert", revert],
  [6, "push to main", pushMain],
  [3, "revert on main", revertMain],
  [5, "pin", pin],
  [2, "pin on main", pinMain],
  [4, "change models", changeModels],
  [8, "accept", accept],
  [12, "promote", promote],
  [5, "train", train],
  [3, "train again", trainAgain],
  [3, "rollback", rollback],
  [2, "hold", hold],
  [8, "enqueue", enqueue],
  [10, "merge queued", mergeQueued],
  [3, "expire", expire],
  [3, "sweep", sweep],
];
const acts = new Map(kinds.map(([, kind, act]) => [kind, act]));

export function actOf({ kind }: Step): Act {
  const act = acts.get(kind);
  if (act === undefined) throw new Error(`There is no step "${kind}"`);
  return act;
}

const troubles: readonly (readonly [weight: number, trouble: Trouble])[] = [
  [82, "none"],
  [3, "lost"],
  [2, "lost-end"],
  [2, "lost-some"],
  [4, "twice"],
  [3, "swapped"],
  [2, "failed"],
  [2, "machine-lost"],
];

/** So many steps of a day. */
export function chooseSteps(chance: Chance, count: number): readonly Step[] {
  const weights = kinds.map(([weight, kind]) => [weight, kind] as const);
  return Array.from({ length: count }, () => ({
    kind: chance.weigh(weights),
    roll: chance.upTo(2 ** 31),
    trouble: chance.weigh(troubles),
  }));
}
