import { join } from "node:path";
import { resolveAction } from "#sandbox/actions/action/resolve-action.ts";
import type { Scope } from "#sandbox/actions/expression/evaluate.ts";
import { evaluateTexts } from "#sandbox/actions/expression/evaluate-template.ts";
import type { JobLog } from "#sandbox/actions/step/job-log.ts";
import type { JobState, Machine } from "#sandbox/actions/step/job-state.ts";
import { runStep } from "#sandbox/actions/step/run-step.ts";
import { get } from "#sandbox/actions/workflow/template-access.ts";
import type { JobTask } from "./job-task.ts";

/** Where a machine keeps the payload of the run's event. */
export function eventPath(machine: Machine): string {
  return join(machine.root, "work", "event.json");
}

/** What a job knows before its first step: contexts, environment, defaults. Throws where an expression cannot be read. */
export function createJobState(task: JobTask, machine: Machine, tokens: JobState["tokens"], log: JobLog): JobState {
  const { level, job, record } = task;
  const { executor, tree } = level;
  const contexts = {
    ...task.contexts,
    github: {
      ...level.github,
      token: tokens.token,
      job: job.id,
      workspace: machine.workspace,
      event_path: eventPath(machine),
    },
    secrets: { ...level.secrets, GITHUB_TOKEN: tokens.token, github_token: tokens.token },
  };
  const scope: Scope = { contexts };
  const env = evaluateTexts(tree.workflow.env, scope);
  Object.assign(env, evaluateTexts(job.env, { contexts: { ...contexts, env } }));
  const run = evaluateTexts(get(tree.workflow.defaults, "run"), { contexts: { ...contexts, env } });
  Object.assign(run, evaluateTexts(get(job.defaults, "run"), { contexts: { ...contexts, env } }));
  const state: JobState = {
    request: level.request,
    run: level.run,
    record,
    source: tree.source,
    workflowPath: tree.workflow.path,
    platform: executor.platform,
    machine,
    log,
    cancellation: task.cancellation,
    patience: executor.settings.patience,
    watchdog: executor.watchdog,
    trackingId: trackingIdOf(task),
    tokens,
    contexts,
    defaults: { shell: run["shell"], workingDirectory: run["working-directory"] },
    env,
    path: [],
    status: "success",
    posts: [],
    processes: [],
    resolve: (uses, from) =>
      resolveAction(uses, from, {
        workspace: machine.workspace,
        source: (repository, ref) => executor.findSource(repository, ref),
        builtIns: executor.settings.builtIns,
      }),
    runStep: (place, step, name, prepared) => runStep(state, place, step, name, prepared),
    changed: () => executor.jobChanged(level.run, record),
  };
  return state;
}

export function trackingIdOf({ level, record }: JobTask): string {
  return `${level.executor.mark}-${record.id}`;
}
