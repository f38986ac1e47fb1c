import type { Task } from "#core/plan/plan-record.ts";

/** One job of the matrix `train`: code of the pull request runs in it. */
export type TrainEntry = { key: string; model: string; name: string; "runs-on": Task["runsOn"]; minutes: number };

/** One job of the matrix `answer`: what answers there was reviewed before. `slot` names the output that is its own. */
export type AnswerEntry = { slot: number; tasks: string; name: string; "runs-on": Task["runsOn"]; minutes: number };

/** As many outputs as the job `answer` of loop.yml has for digests: its jobs would overwrite a single one. */
export const answerSlots = 8;

/** What the job `train` does: whatever may run code of the pull request, each task on a machine of its own. */
export function trainMatrix(tasks: readonly Task[]): readonly TrainEntry[] {
  return tasks
    .filter(({ reviewed }) => reviewed !== true)
    .map((task) => ({
      key: task.key,
      model: task.model,
      name: nameOf([task]),
      "runs-on": task.runsOn,
      minutes: minutesOf([task]),
    }));
}

/**
 * What the job `answer` does: the tasks whose code was reviewed before, on at most eight machines. Throws where they ask
 * for more kinds of runners than that.
 */
export function answerMatrix(tasks: readonly Task[]): readonly AnswerEntry[] {
  const reviewed = tasks.filter((task) => task.reviewed === true);
  const groups = [...Map.groupBy(reviewed, ({ runsOn }) => JSON.stringify(runsOn)).values()];
  if (groups.length > answerSlots)
    throw new Error(
      `The models of this run predict on ${groups.length} kinds of runners, at most ${answerSlots} are possible in one run: let some share theirs in "predict.runs-on", or change fewer models at once`,
    );
  for (let room = answerSlots - groups.length; room > 0; room--) {
    const largest = groups.toSorted((a, b) => b.length - a.length)[0];
    if (largest === undefined || largest.length < 2) break;
    groups.push(largest.splice(Math.ceil(largest.length / 2)));
  }
  return groups.map((group, index) => ({
    slot: index + 1,
    tasks: group.map(({ key }) => key).join(" "),
    name: nameOf(group),
    "runs-on": group[0]?.runsOn ?? "ubuntu-latest",
    minutes: minutesOf(group),
  }));
}

function nameOf(tasks: readonly Task[]): string {
  const [task] = tasks;
  if (task === undefined || tasks.length > 1) return `predict ${tasks.length} times`;
  return task.train === null ? `predict ${task.model} (${task.role})` : `train ${task.model}`;
}

function minutesOf(tasks: readonly Task[]): number {
  const ms = tasks.map(({ train, predict, sittings }) => {
    return (train?.timeoutMs ?? 0) + predict.timeoutMs * Math.max(1, sittings.length);
  });
  return Math.ceil(ms.reduce((sum, one) => sum + one, 0) / 60_000) + 15;
}
