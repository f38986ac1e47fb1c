import type { Ports } from "#core/ports.ts";
import { answerComment } from "#flow/comment/answer-comment.ts";
import { startEffect } from "#flow/comment/start-effect.ts";
import { atOneMoment } from "#handlers/one-moment.ts";
import { watchCalls, type Watcher } from "../local/kill.ts";
import { comment } from "../local/local-story.ts";
import type { LocalWorld } from "../local/local-world.ts";
import type { Run } from "./live-bad-days.ts";

/** Ports as the app has them for one piece of work, on a service that names the runs which it starts. */
export function asApp(world: LocalWorld, watcher: Watcher): Ports {
  const ports = world.ports();
  const { workflows } = ports;
  const dispatch: typeof workflows.dispatch = async (inputs) => {
    await workflows.dispatch(inputs);
    const id = world.memory.next++;
    addRun(world, id, "queued");
    return { run: id };
  };
  return atOneMoment(watchCalls({ ...ports, workflows: { ...workflows, dispatch } }, watcher));
}

/** A run that was started by hand on the default branch. */
export function addRun(world: LocalWorld, id: number, status: "queued" | "completed"): void {
  const known = world.memory.runs.find((run) => run.id === id);
  const run = {
    id,
    attempt: 1,
    event: "workflow_dispatch",
    head: world.head,
    branch: "main",
    path: ".github/workflows/trainyard.yml",
    status,
    conclusion: status === "completed" ? "success" : undefined,
    pull: undefined,
    fork: false,
    url: `https://github.test/runs/${id}`,
  };
  if (known === undefined) world.memory.runs.push(run);
  else Object.assign(known, run);
}

/** Somebody says a word on a pull request or an issue, and the app hears it. */
export function saying(world: LocalWorld, body: string, issue: number, isPull = true): Run {
  const written = comment(world, body, { issue, isPull });
  return async (there, watcher) => {
    const ports = asApp(there, watcher);
    await answerComment(ports, written, async (effect) => await startEffect(ports, effect, "app"));
  };
}
