import type { JobState } from "./job-state.ts";
import { readWorkflowCommand } from "./workflow-command.ts";

/** What a step says by `::set-output` and `::save-state` on its output, the old way. */
export type Said = { outputs: Record<string, string>; state: Record<string, string> };

const levels = { notice: "notice", warning: "warning", error: "failure" } as const;
/** GitHub shows ten errors, ten warnings and ten notices a step. */
const shownAnnotations = 10;

/** Answers what takes a step's lines: commands are obeyed, all else goes to the log. The lines are untrusted. */
export function createOutputHandler(state: JobState, said: Said): (line: string) => void {
  let stopped: string | undefined;
  const shown = { notice: 0, warning: 0, failure: 0 };
  return (line) => {
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined;
      else state.log.line(line);
      return;
    }
    const command = readWorkflowCommand(line);
    const name = command?.properties["name"] ?? "";
    switch (command?.name) {
      case "add-mask":
        if (command.message.trim() === "") state.log.line("##[warning]Can't add secret mask for empty string");
        else state.log.mask(command.message);
        return;
      case "notice":
      case "warning":
      case "error": {
        const level = levels[command.name];
        state.log.line(`##[${command.name}]${command.message}`);
        if (shown[level]++ < shownAnnotations) annotate(state, level, command.message, command.properties);
        return;
      }
      case "group":
        state.log.line(`##[group]${command.message}`);
        return;
      case "endgroup":
        state.log.line("##[endgroup]");
        return;
      case "stop-commands":
        stopped = command.message;
        return;
      case "set-output":
        said.outputs[name] = command.message;
        return;
      case "save-state":
        said.state[name] = command.message;
        return;
      case "debug":
      case "echo":
      case "add-matcher":
      case "remove-matcher":
        return;
      default:
        state.log.line(line);
    }
  };
}

export function annotate(
  state: JobState,
  level: "notice" | "warning" | "failure",
  message: string,
  properties: Readonly<Record<string, string>> = {},
): void {
  const line = Number(properties["line"]);
  state.record.annotations.push({
    level,
    message: state.log.masked(message),
    title: properties["title"] ?? null,
    path: properties["file"] ?? null,
    line: Number.isInteger(line) && line > 0 ? line : null,
  });
}
