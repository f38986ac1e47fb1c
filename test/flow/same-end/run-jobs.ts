import { join } from "node:path";
import type { LoopPlan } from "#flow/plan/plan-loop.ts";
import type { Job } from "#actions/job.ts";
import { planTrigger } from "#actions/plan/plan-trigger.ts";
import { promoteHere } from "#actions/promote/promote-here.ts";
import { reportTrigger } from "#actions/report/report-trigger.ts";
import { readTrigger } from "#actions/trigger.ts";
import { watchArtifact } from "#flow/watch/report-watch.ts";
import { recordOf } from "#test/flow/nights/nights.ts";
import { leaveWork } from "#test/flow/local/local-loop.ts";
import type { Service } from "./service.ts";

/**
 * Works off one run as `loop.yml` does: plan, train and evaluate, promote, report, verdict; each job with ports of its
 * own. What trains is the memory's; what plans, promotes and reports is what the actions run.
 */
export async function runJobs(service: Service, id: number, folder: string): Promise<void> {
  const { event, payload } = service.startOf(id);
  service.world.memory.minutes += 1;
  service.edit(id, { status: "in_progress" });
  const openJob = (): Job => ({
    ports: service.ports("actions"),
    // what trains is not of this play
    runs: { artifacts: async () => await Promise.resolve([]), ofBranch: async () => await Promise.resolve([]) },
    trigger: readTrigger(event, payload),
    owner: "ada",
    repository: "shop",
    run: id,
    attempt: service.run(id).attempt,
    saysAgain: service.saysAgain.has(id),
    token: "",
    cloneUrl: "",
    releaseObjects: () => {
      throw new Error("No data is stored in this play");
    },
    isPrivate: false,
    folder: join(folder, String(id)),
  });
  const attempt = async <T>(job: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      service.problems.push(`${job}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  if (!isSkipped(event, payload)) {
    const loop = await attempt("plan", async () => await planTrigger(openJob()));
    if (loop !== undefined) await train(service, id, loop);
    if (loop !== undefined && loop.watch.length > 0) watch(service, id);
    for (const { model } of loop?.promote ?? [])
      await attempt("promote", async () => await promoteHere(openJob(), loop?.approval, model));
    const isSaid = loop?.report === true && loop.writer === "actions";
    const said = isSaid ? await attempt("report", async () => await reportTrigger(openJob())) : undefined;
    const green = loop !== undefined && (!isSaid || said?.green === true);
    if (loop?.writer !== "app") service.verdicts.set(service.run(id).head, green);
  }
  service.end(id);
}

/** The job `plan` of a comment that is no command. */
function isSkipped(event: string, payload: Readonly<Record<string, unknown>>): boolean {
  if (event !== "issue_comment") return false;
  const trigger = readTrigger(event, payload);
  return trigger.kind !== "comment" || !trigger.comment.body.startsWith("/");
}

/** The job `watch`: what it finds is the story's. */
function watch({ found, world }: Service, id: number): void {
  if (found === undefined) return;
  const { artifact, file } = watchArtifact;
  world.storage.artifacts[`${id}/${artifact}/${file}`] = JSON.stringify(recordOf(found, world.head, world.now()));
}

async function train(service: Service, id: number, { plan }: LoopPlan): Promise<void> {
  if (plan === undefined || (plan.tasks.length === 0 && plan.comparisons.length === 0)) return;
  const { world } = service;
  world.storage.artifacts[`${id}/trainyard-plan/plan.json`] = JSON.stringify(plan);
  service.trainings += plan.tasks.filter((task) => task.train !== null).length;
  if (service.loses) service.loses = false;
  else await leaveWork(world, world.ports(), plan, id);
}
