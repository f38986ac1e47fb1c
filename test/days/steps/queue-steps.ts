import type { CommitSha } from "#core/names.ts";
import { mergeFiles, type Made } from "../town/repository.ts";
import { finishMerge, isGreen } from "./main-steps.ts";
import type { Act } from "./step.ts";

/** The merge queue takes one pull request, or two on top of each other, and asks about what they make. */
export const enqueue: Act = (town, chance, ending) => {
  if (!town.settings.queue) return undefined;
  const ready = town.open.filter(({ mergeable, head }) => mergeable === true && isGreen(town, head.sha));
  const first = ready[chance.upTo(Math.max(1, ready.length))];
  if (first === undefined) return undefined;
  const second = chance.often(50) ? ready.find((pull) => pull !== first) : undefined;
  town.groups = [];
  let on = town.repo.main;
  for (const { number, head, title } of second === undefined ? [first] : [first, second]) {
    const base = town.repo.mergeBase(on.sha, head.sha);
    const { files, conflict } = mergeFiles(base.files, on.files, town.repo.get(head.sha).files);
    if (conflict) continue;
    const ref = `gh-readonly-queue/main/pr-${number}-${on.sha}`;
    const made: Made = town.repo.commit(
      [on.sha, head.sha],
      files,
      `Merge pull request #${number} from queue\n\n${title}`,
      number,
    );
    town.repo.setBranch(ref, made.sha);
    town.groups.push({ head: made.sha, pull: number });
    town.shells.queue.push({ kind: "group", head: made.sha, ref });
    town.shells.startRun({ kind: "group", head: made.sha, ref }, ending);
    on = made;
  }
  return { says: `queued: ${town.groups.map(({ pull }) => `#${pull}`).join(", ")}` };
};

/** The merge queue merges what is green, in its order, and throws the rest out. */
export const mergeQueued: Act = (town, _, ending) => {
  const merged: number[] = [];
  let head: CommitSha | undefined;
  for (const group of town.groups) {
    const made = town.repo.get(group.head);
    const pull = town.pull(group.pull);
    if (made.parents[0] !== town.repo.main.sha || pull.state !== "open" || made.parents[1] !== pull.head.sha) break;
    if (!isGreen(town, group.head)) break;
    finishMerge(town, pull, made);
    merged.push(group.pull);
    head = made.sha;
  }
  town.groups = [];
  if (head === undefined) return undefined;
  town.moveMain(head, ending);
  return { says: `the queue merged ${merged.map((number) => `#${number}`).join(", ")}` };
};
