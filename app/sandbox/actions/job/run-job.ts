import { writeFile } from "node:fs/promises";
import { killStrays } from "#sandbox/actions/process/kill-strays.ts";
import { createJobState, eventPath, trackingIdOf } from "./create-job-state.ts";
import { removeMachine, setUpMachine } from "./machine.ts";
import { type JobLog, openJobLog } from "#sandbox/actions/step/job-log.ts";
import type { JobState, Machine } from "#sandbox/actions/step/job-state.ts";
import { addAnnotation } from "./job-record.ts";
import { longestTimerMs } from "#sandbox/actions/process/process-group.ts";
import { runJobSteps } from "./run-job-steps.ts";
import type { JobTask } from "./job-task.ts";
import { watchRunner } from "./runner-watch.ts";
import type { JobResult } from "#sandbox/actions/run/run-record.ts";

/** Runs a job on a fresh machine: its folders, its steps, its end; nothing of it stays behind. */
export async function runJob(task: JobTask): Promise<JobResult["result"]> {
  const { level, record, cancellation } = task;
  const { executor } = level;
  const { platform, settings } = executor;
  const begun = performance.now();
  record.status = "in_progress";
  record.startedAt = executor.instant();
  record.runner = task.runner;
  executor.jobChanged(level.run, record);
  const watch = watchRunner(task);
  const file = openJobLog(executor.logPath(record), () => platform.now(), settings.logLimitBytes);
  const log: JobLog = {
    ...file,
    line(text) {
      if (watch.isLost) return;
      file.line(text);
      watch.hear(text);
    },
  };
  const tokens = platform.issueTokens(level.request, level.run, record, task.permissions);
  for (const secret of [tokens.token, tokens.runtime, ...Object.values(level.secrets)]) log.mask(secret);
  const endWatch = watchTime(task, (message) => {
    addAnnotation(record, message);
    log.line(`##[error]${message}`);
  });
  let machine: Machine | undefined;
  let state: JobState | undefined;
  let failed = false;
  try {
    machine = await setUpMachine(task);
    await writeFile(eventPath(machine), JSON.stringify(level.request.event.payload, null, 2));
    state = createJobState(task, machine, tokens, log);
    await runJobSteps(task, state, watch);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log.line(`##[error]${message}`);
    addAnnotation(record, log.masked(message));
    failed = true;
  }
  endWatch();
  for (const group of state?.processes ?? []) group.kill();
  await killStrays(trackingIdOf(task));
  platform.revokeToken(tokens.token);
  await log.close();
  // What cannot be removed now is tried again before the next job of this runner.
  if (machine !== undefined && !settings.keepWorkspaces) await removeMachine(machine).catch(() => {});
  record.seconds = (performance.now() - begun) / 1000;
  if (watch.isLost) return "failure";
  if (cancellation.level !== "none") return "cancelled";
  return failed ? "failure" : (state?.status ?? "failure");
}

/** Cancels a job that takes too long, and ends by force what a cancel has not ended. Answers how to stop watching. */
function watchTime({ level, cancellation, timeoutMs }: JobTask, say: (message: string) => void): () => void {
  let hardStop: NodeJS.Timeout | undefined;
  const timer = setTimeout(
    () => {
      const message = `The job has exceeded the maximum execution time of ${timeoutMs / 60_000}m0s`;
      say(message);
      cancellation.request("cancel", message);
    },
    Math.min(timeoutMs, longestTimerMs),
  );
  const deaf = cancellation.listen((asked) => {
    if (asked === "force") return;
    hardStop = setTimeout(() => cancellation.request("force", "hard stop"), level.executor.settings.hardStopMs);
  });
  return () => {
    clearTimeout(timer);
    clearTimeout(hardStop);
    deaf();
  };
}
