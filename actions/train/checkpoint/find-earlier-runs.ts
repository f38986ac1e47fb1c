import type { PlanRecord, Task } from "#core/plan/plan-record.ts";
import { identifyModel } from "#core/plan/identify.ts";
import { parseCommitSha, parseModelName } from "#core/names.ts";
import type { WorkflowRun } from "#core/ports.ts";
import { describeSource } from "#flow/evidence/describe-source.ts";
import { readTreeSnapshot } from "#flow/observe/read-snapshot.ts";
import type { Job } from "#actions/job.ts";

const mostRuns = 10;

/**
 * Earlier runs of the pull request's branch whose checkpoints of this task may be gone on from, newest first. Code that runs
 * in a training can leave an artifact under any name: so only a run counts whose own commit makes this very recipe, under
 * a workflow that the base branch carries, of this repository. Of a fork's runs none does, and none counts for a fork.
 */
export async function findEarlierRuns(job: Job, plan: PlanRecord, task: Task): Promise<readonly number[]> {
  if (plan.pull === null) return [];
  const { workflows } = job.ports;
  const own = await workflows.run(job.run);
  // A run that somebody asked for by a word is the default branch's: the pull request's own runs know its branch.
  const known = own?.event === "pull_request" ? own : (await workflows.runsOf(parseCommitSha(plan.head))).find(isOurs);
  if (known === undefined || !isOurs(known)) return [];
  const counting: number[] = [];
  const ids = await job.runs.ofBranch(known.branch);
  for (const id of ids.filter((one) => one !== job.run).slice(0, mostRuns)) {
    // oxlint-disable-next-line no-await-in-loop -- a few, newest first
    const run = await workflows.run(id);
    if (run === undefined || !isOurs(run) || run.branch !== known.branch || run.path !== known.path) continue;
    // oxlint-disable-next-line no-await-in-loop -- see above
    if (await makesRecipe(job, plan, task, run)) counting.push(id);
  }
  return counting;
}

/** Of a branch of this repository: which pull requests it belonged to, GitHub says only while it is the head. */
const isOurs = ({ event, fork }: WorkflowRun): boolean => event === "pull_request" && !fork;

async function makesRecipe(
  { ports }: Job,
  { pull, base }: PlanRecord,
  { recipe, model: name }: Task,
  run: WorkflowRun,
): Promise<boolean> {
  const { repository } = ports;
  const tree = await repository.tree(run.head);
  const read = await readTreeSnapshot(repository, tree);
  const model = read.kind === "snapshot" ? read.snapshot.config.models.get(parseModelName(name)) : undefined;
  if (model === undefined || identifyModel(model, tree).recipe !== recipe) return false;
  const source = await describeSource(ports, run, {
    pull: pull ?? undefined,
    head: run.head,
    branch: run.branch,
    tip: parseCommitSha(base),
    baseTree: await repository.tree(parseCommitSha(base)),
    mergedTree: tree,
    informational: false,
  });
  return source.counts;
}
