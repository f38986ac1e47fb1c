import type { CommandEnd } from "#runner/run-command.ts";

/** Why a command of the config was not well, and what to do, as a sentence; undefined if it was. */
export function describeEnd(
  name: "setup" | "train" | "predict" | "watch" | "retrain",
  end: CommandEnd,
  timeoutMs: number,
): string | undefined {
  switch (end.kind) {
    case "ok":
      return undefined;
    case "timeout":
      return `The "${name}" command did not end within ${describeDuration(timeoutMs)} and was ended: make it faster, or raise "${timeoutOf[name]}.timeout"`;
    case "killed":
      return end.by === "cancelled"
        ? `The "${name}" command was cancelled`
        : `The "${name}" command was ended by ${end.by}${end.by === "SIGKILL" ? outOfMemory : ""}`;
    case "failed":
      return `The "${name}" command exited ${end.exitCode}${exitHint(end.exitCode)}: its log ends with the reason`;
  }
}

/** Whose time-out in the config bounds a command. */
const timeoutOf = { setup: "train", train: "train", predict: "predict", watch: "predict", retrain: "train" } as const;

const outOfMemory = ", as systems do when memory runs out";

function exitHint(exitCode: number): string {
  if (exitCode === 127)
    return ' (a program that it calls was not found: install it in "setup", or add its file to "inputs")';
  if (exitCode === 126) return " (a file that it calls is not executable)";
  if (exitCode === 137) return ` (ended by SIGKILL${outOfMemory})`;
  return "";
}

/** A duration as people say it: "300 ms", "5 s", "5 min", "1 h 30 min". */
export function describeDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const [minutes, secondsLeft] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes < 60) return secondsLeft === 0 ? `${minutes} min` : `${minutes} min ${secondsLeft} s`;
  const [hours, minutesLeft] = [Math.floor(minutes / 60), minutes % 60];
  return minutesLeft === 0 ? `${hours} h` : `${hours} h ${minutesLeft} min`;
}
