import type { Chance } from "../chance.ts";
import type { StoredPull } from "#test/flow/local/memory.ts";
import type { Made } from "../town/repository.ts";
import type { Town } from "../town/town.ts";
import { someEdit } from "./edit.ts";
import { somePin, undo } from "./pull-steps.ts";
import type { Act } from "./step.ts";

/** Some open pull request that can be merged, a green one in most cases. */
function someMergeable(town: Town, chance: Chance): StoredPull | undefined {
  const ready = town.open.filter(({ mergeable }) => mergeable === true);
  const green = ready.filter(({ head }) => isGreen(town, head.sha));
  const from = green.length > 0 && chance.often(80) ? green : ready;
  return from[chance.upTo(Math.max(1, from.length))];
}

export function isGreen(town: Town, head: string): boolean {
  const state = town.world.memory.checks.find((one) => one.head === head)?.check.state;
  return state?.kind === "completed" && state.conclusion === "success";
}

export const merge: Act = (town, chance, ending) => {
  const pull = someMergeable(town, chance);
  if (pull === undefined) return undefined;
  const green = isGreen(town, pull.head.sha);
  const main = town.repo.main;
  const { files } = town.mergedWith(pull.head.sha);
  const squash = chance.often(50);
  const body = pull.messages
    .map((message) => message.split("\n\n").slice(1).join("\n\n"))
    .join("\n\n")
    .trim();
  const message = squash
    ? `${pull.title} (#${pull.number})${body === "" ? "" : `\n\n${body}`}`
    : `Merge pull request #${pull.number} from acme/${pull.head.ref}\n\n${pull.title}`;
  const parents = squash ? [main.sha] : [main.sha, pull.head.sha];
  finishMerge(town, pull, town.repo.commit(parents, files, message, pull.number));
  town.moveMain(town.repo.main.sha, ending);
  return {
    says: `#${pull.number} merged ${squash ? "as one commit" : "by a merge commit"} over ${green ? "green" : "red"}`,
  };
};

export function finishMerge(town: Town, pull: StoredPull, made: Made): void {
  Object.assign(pull, { state: "closed", merged: true, mergeCommit: made.sha });
  town.repo.setBranch("main", made.sha);
}

export const pushMain: Act = (town, chance, ending) => {
  const { says, files } = someEdit(town, chance, town.repo.main.files);
  return onMain(town, files, `Push ${town.count()}`, ending, says);
};

export const revertMain: Act = (town, chance, ending) => {
  const undone = undo(town, chance);
  return undone === undefined ? undefined : onMain(town, undone.files, undone.message, ending, undone.says);
};

export const pinMain: Act = (town, chance, ending) => {
  const change = somePin(town, chance);
  return change === undefined ? undefined : onMain(town, change.files, `Pin ${town.count()}`, ending, change.says);
};

function onMain(
  town: Town,
  files: Made["files"],
  message: string,
  ending: Parameters<Act>[2],
  says: string,
): ReturnType<Act> {
  const made = town.repo.commit([town.repo.main.sha], files, message);
  town.moveMain(made.sha, ending);
  return { says: `pushed straight to main: ${says}` };
}

export const sweep: Act = (town) => {
  town.shells.startRun({ kind: "watch", forced: false, model: undefined }, "well");
  return { says: "the schedule wakes" };
};

/** What a run left as artifacts is gone. */
export const expire: Act = (town, chance) => {
  const { artifacts } = town.world.storage;
  const runs = [...new Set(Object.keys(artifacts).map((key) => key.split("/")[0] ?? ""))];
  const run = runs[chance.upTo(Math.max(1, runs.length))];
  if (run === undefined) return undefined;
  for (const key of Object.keys(artifacts)) if (key.startsWith(`${run}/`)) delete artifacts[key];
  return { says: `the artifacts of run ${run} expire` };
};
