import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Scope } from "#sandbox/actions/expression/evaluate.ts";
import { evaluateTexts } from "#sandbox/actions/expression/evaluate-template.ts";
import { annotate } from "#sandbox/actions/step/handle-output.ts";
import { openJobLog } from "#sandbox/actions/step/job-log.ts";
import type { JobState, Machine } from "#sandbox/actions/step/job-state.ts";
import { resolveAction } from "#sandbox/actions/action/resolve-action.ts";
import { killStrays } from "#sandbox/actions/process/kill-strays.ts";
import { runStep, sayError } from "#sandbox/actions/step/run-step.ts";
import { get } from "#sandbox/actions/workflow/template-access.ts";
import { capAtRead } from "#sandbox/actions/workflow/permissions.ts";
import type { JobTask } from "./job-task.ts";
import type { JobResult } from "#sandbox/actions/run/run-record.ts";
import { runJobSteps } from "./run-job-steps.ts";

/** Runs a job on a fresh machine: folders of its own, its steps, its end. Never throws; nothing of it stays behind. */
export async function runJob(task: JobTask): Promise<JobResult["result"]> {
  const { level, record, cancellation } = task;
  const { executor } = level;
  const { platform, settings } = executor;
  const machine = machineOf(task);
  const begun = performance.now();
  const log = openJobLog(executor.logPath(record), () => platform.now(), settings.logLimitBytes);
  record.status = "in_progress";
  record.startedAt = executor.instant();
  executor.jobChanged(level.run, record);
  const permissions = level.request.fromFork ? capAtRead(task.permissions) : task.permissions;
  const tokens = platform.issueTokens(level.request, level.run, record, permissions);
  for (const secret of [tokens.token, tokens.runtime, ...Object.values(level.secrets)]) log.mask(secret);
  const state = createState(task, machine, tokens, log);
  let hardStop: NodeJS.Timeout | undefined;
  const timer = setTimeout(() => {
    const minutes = task.timeoutMs / 60_000;
    const message = `The job has exceeded the maximum execution time of ${minutes}m0s`;
    annotate(state, "failure", message);
    log.line(`##[error]${message}`);
    cancellation.request("cancel", message);
  }, task.timeoutMs);
  const deaf = cancellation.listen((asked) => {
    if (asked === "cancel") {
      hardStop = setTimeout(() => cancellation.request("force", "hard stop"), settings.hardStopMs);
    }
  });
  try {
    await Promise.all(
      [machine.home, machine.workspace, machine.temp, machine.toolCache].map((folder) =>
        mkdir(folder, { recursive: true }),
      ),
    );
    await writeFile(join(machine.temp, "..", "event.json"), JSON.stringify(level.request.event.payload, null, 2));
    await runJobSteps(task, state);
  } catch (error) {
    sayError(state, error);
    state.status = "failure";
  } finally {
    clearTimeout(timer);
    clearTimeout(hardStop);
    deaf();
  }
  for (const group of state.processes) group.kill();
  await killStrays(state.trackingId);
  platform.revokeToken(tokens.token);
  await log.close();
  if (!settings.keepWorkspaces) await rm(machine.root, { recursive: true, force: true });
  const result = cancellation.level === "none" ? state.status : "cancelled";
  record.seconds = (performance.now() - begun) / 1000;
  return result;
}

function machineOf({ level, record }: JobTask): Machine {
  const { settings } = level.executor;
  const root = join(settings.folder, "machines", String(record.id));
  const name = level.request.repository.fullName.split("/")[1] ?? "work";
  return {
    name: `sandbox-${record.id}`,
    root,
    home: join(root, "home"),
    workspace: join(root, "work", name, name),
    temp: join(root, "work", "_temp"),
    toolCache: join(settings.folder, "tools"),
    env: settings.runnerEnv,
    path: settings.runnerPath,
  };
}

function createState(task: JobTask, machine: Machine, tokens: JobState["tokens"], log: JobState["log"]): JobState {
  const { level, job, record } = task;
  const { executor, tree } = level;
  const github = {
    ...level.github,
    token: tokens.token,
    job: job.id,
    workspace: machine.workspace,
    event_path: join(machine.temp, "..", "event.json"),
  };
  const contexts = {
    ...task.contexts,
    github,
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
    trackingId: `${executor.mark}-${record.id}`,
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
