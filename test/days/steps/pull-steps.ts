import type { CommitSha } from "#core/names.ts";
import type { Chance } from "../chance.ts";
import type { StoredPull } from "#test/flow/local/memory.ts";
import { mergeFiles, type Files, type Made } from "../town/repository.ts";
import type { Town } from "../town/town.ts";
import type { Ending } from "../town/work.ts";
import { edit, editModel, editSpec, someEdit, someModel } from "./edit.ts";
import type { Act, Done } from "./step.ts";

export const openPull: Act = (town, chance, ending) => {
  if (town.open.length > 3) return undefined;
  const { says, files } = someEdit(town, chance, town.repo.main.files);
  const draft = chance.often(10);
  const { number } = town.openPull(`Work ${town.count()}`, files, { draft, ending });
  return { says: `#${number} opened${draft ? " as a draft" : ""}: ${says}` };
};

export const openFork: Act = (town, chance, ending) => {
  if (town.open.length > 3) return undefined;
  const { says, files } = someEdit(town, chance, town.repo.main.files);
  const { number } = town.openPull(`Work ${town.count()}`, files, { fork: true, author: "cyd", ending });
  return { says: `#${number} opened from a fork: ${says}` };
};

/** A change of the workflow file beside one of the model: its run ran under a file that is nobody's. */
export const openForeign: Act = (town, chance, ending) => {
  const one = edit(town, chance, "params", town.repo.main.files);
  const { says, files } = edit(town, chance, "workflow", one.files);
  const { number } = town.openPull(`Work ${town.count()}`, files, { ending });
  return { says: `#${number} opened: ${one.says}, ${says}` };
};

/** A pull request of somebody's that is still open. */
export function someOpen(town: Town, chance: Chance): StoredPull | undefined {
  return town.open[chance.upTo(Math.max(1, town.open.length))];
}

export const push: Act = (town, chance, ending) => {
  const pull = someOpen(town, chance);
  if (pull === undefined) return undefined;
  const head = town.repo.get(pull.head.sha);
  const { says, files } = someEdit(town, chance, head.files);
  return pushTo(town, pull, town.repo.commit([head.sha], files, `More ${town.count()}`), ending, says);
};

/** The branch is put back to a commit that it has had, or all that it changed is undone. */
export const pushBack: Act = (town, chance, ending) => {
  const pull = someOpen(town, chance);
  if (pull === undefined) return undefined;
  const head = town.repo.get(pull.head.sha);
  const parent = head.parents[0];
  if (parent === undefined || town.repo.ancestors(town.repo.main.sha).has(parent)) {
    const before = town.repo.mergeBase(town.repo.main.sha, head.sha);
    const undone = town.repo.commit([head.sha], before.files, `Undo ${town.count()}`);
    return pushTo(town, pull, undone, ending, "all undone again");
  }
  return pushTo(town, pull, town.repo.get(parent), ending, "the commit before, by force");
};

export const updateBranch: Act = (town, chance, ending) => {
  const pull = someOpen(town, chance);
  if (pull === undefined || town.repo.ancestors(pull.head.sha).has(town.repo.main.sha)) return undefined;
  const { files, conflict } = town.mergedWith(pull.head.sha);
  if (conflict) {
    // as somebody does who mends it in favour of the pull request
    const head = town.repo.get(pull.head.sha);
    const ours = mergeOurs(town, head.files);
    return pushTo(
      town,
      pull,
      town.repo.commit([head.sha, town.repo.main.sha], ours, "Merge main, ours"),
      ending,
      "main merged in, its own side taken",
    );
  }
  const made = town.repo.commit([pull.head.sha, town.repo.main.sha], files, "Merge branch 'main'");
  return pushTo(town, pull, made, ending, "updated from main");
};

function mergeOurs(town: Town, ours: Files): Files {
  const config = ".github/trainyard.yml";
  const main = town.repo.main.files.get(config);
  return main === undefined ? ours : new Map(ours).set(config, main);
}

function pushTo(town: Town, pull: StoredPull, made: Made, ending: Ending, says: string): Done {
  town.repo.setBranch(pull.head.ref, made.sha);
  pull.head.sha = made.sha;
  pull.messages = messagesOf(town, made.sha);
  town.pullEvent(pull.number, "synchronize", ending);
  return { says: `#${pull.number} pushed: ${says}` };
}

function messagesOf(town: Town, head: CommitSha): readonly string[] {
  const known = town.repo.ancestors(town.repo.main.sha);
  return [...town.repo.ancestors(head)]
    .filter((sha) => !known.has(sha))
    .map((sha) => town.repo.get(sha).message)
    .toReversed();
}

export const close: Act = (town, chance) => {
  const pull = someOpen(town, chance);
  if (pull === undefined) return undefined;
  pull.state = "closed";
  return { says: `#${pull.number} closed` };
};

export const reopen: Act = (town, chance, ending) => {
  const closed = town.pulls.filter(({ state, merged }) => state === "closed" && !merged);
  const pull = closed[chance.upTo(Math.max(1, closed.length))];
  if (pull === undefined) return undefined;
  pull.state = "open";
  town.pullEvent(pull.number, "reopened", ending);
  return { says: `#${pull.number} reopened` };
};

export const makeReady: Act = (town, chance, ending) => {
  const pull = someOpen(town, chance);
  if (pull === undefined) return undefined;
  if (pull.draft) {
    pull.draft = false;
    town.pullEvent(pull.number, "ready_for_review", ending);
    return { says: `#${pull.number} is ready for review` };
  }
  if (pull.labels.includes("train")) return undefined;
  pull.labels = ["train"];
  town.pullEvent(pull.number, "labeled", ending);
  return { says: `#${pull.number} is labelled "train"` };
};

/** A revert of what was brought to the default branch lately, by a pull request. */
export const revert: Act = (town, chance, ending) => {
  const undone = undo(town, chance);
  if (undone === undefined) return undefined;
  const { files, message, says } = undone;
  const { number } = town.openPull(message.split("\n")[0] ?? "", files, { message, ending });
  return { says: `#${number} opened: ${says}` };
};

/** What one of the newest commits of the default branch changed, taken back; in git's own words, or in others. */
export function undo(town: Town, chance: Chance): { files: Files; message: string; says: string } | undefined {
  const line = town.repo.history();
  const commit = line[chance.upTo(Math.min(4, line.length))];
  const parent = commit?.parents[0];
  if (commit === undefined || parent === undefined) return undefined;
  const { files, conflict } = mergeFiles(commit.files, town.repo.main.files, town.repo.get(parent).files);
  if (conflict) return undefined;
  const named = chance.often(75);
  const title = commit.message.split("\n")[0] ?? "";
  const tail = commit.parents.length > 1 ? `, reversing\nchanges made to ${parent}` : "";
  const message = named ? `Revert "${title}"\n\nThis reverts commit ${commit.sha}${tail}.` : `Undo ${town.count()}`;
  return { files, message, says: `"${title}" taken back ${named ? "by git revert" : "by hand"}` };
}

/** A pull request that pins, or takes a pin out. */
export const pin: Act = (town, chance, ending) => {
  const change = somePin(town, chance);
  if (change === undefined) return undefined;
  const { number } = town.openPull(`Pin ${town.count()}`, change.files, { ending });
  return { says: `#${number} opened: ${change.says}` };
};

export function somePin(town: Town, chance: Chance): { says: string; files: Files } | undefined {
  const { name, pin: pinned } = someModel(town, chance, town.repo.main.files);
  if (pinned !== undefined && chance.often(65))
    return editModel(town, town.repo.main.files, name, "unpinned", { pin: undefined });
  const versions = town.world.git.refs(`refs/tags/${name}@`).map(([version]) => version);
  const version = chance.often(12) ? "v7.0.0" : versions[chance.upTo(Math.max(1, versions.length))];
  if (version === undefined) return undefined;
  return editModel(town, town.repo.main.files, name, `pinned to ${version}`, { pin: version });
}

/** A model more, one less, or one under another name. */
export const changeModels: Act = (town, chance, ending) => {
  const onto = town.repo.main.files;
  const { models } = town.repo.spec(onto);
  const model = someModel(town, chance, onto);
  const missing = ["churn", "twin", "leavers"].filter((name) =>
    models.every((one) => one.name !== name && one.was !== name),
  );
  const other = missing[chance.upTo(Math.max(1, missing.length))];
  const kind = chance.weigh([
    [models.length > 1 ? 3 : 0, "retire"],
    [3, "add"],
    [2, "rename"],
  ] as const);
  if (kind !== "retire" && other === undefined) return undefined;
  const { says, files } = editSpec(
    town,
    onto,
    kind === "retire" ? `${model.name} retired` : `${kind} ${model.name} ${other}`,
    (spec) => ({
      ...spec,
      models:
        kind === "retire"
          ? spec.models.filter(({ name }) => name !== model.name)
          : kind === "add"
            ? [...spec.models, { ...model, name: other ?? "", was: undefined, pin: undefined }]
            : spec.models.map((one) => (one === model ? { ...one, name: other ?? "", was: model.name } : one)),
    }),
  );
  const { number } = town.openPull(`Models ${town.count()}`, files, { ending });
  return { says: `#${number} opened: ${says}` };
};
