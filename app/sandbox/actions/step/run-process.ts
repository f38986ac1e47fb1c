import type { Cancellation } from "#sandbox/actions/queue/cancellation.ts";
import type { JobState } from "./job-state.ts";
import { startProcess } from "#sandbox/actions/process/process-group.ts";

export type Command = {
  command: string;
  args: readonly string[];
  folder: string;
  env: Readonly<Record<string, string>>;
  onLine: (line: string) => void;
  cancellation: Cancellation;
};

/** Runs one process of a step to its end, or ends it when its step is to end early. Answers the exit code. */
export async function runProcess(state: JobState, command: Command): Promise<number> {
  if (command.cancellation.level === "force") return 130;
  const group = startProcess({ ...command, watchdog: state.watchdog });
  state.processes.push(group);
  let stopping: Promise<void> | undefined;
  const deaf = command.cancellation.listen((level) => {
    if (level === "force") group.kill();
    else stopping ??= group.stop(state.patience);
  });
  const exit = await group.exit;
  await stopping;
  deaf();
  return exit.code ?? 130;
}
