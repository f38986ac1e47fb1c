import type { Template } from "./template.ts";
import { at, conditionSource, get, items, text } from "./template-access.ts";
import type { Problem, Step } from "./workflow.ts";

/** Reads the steps of a job or of a composite action; what the sandbox does not know becomes a problem. */
export function readSteps(template: Template | undefined, file: string, problems: Problem[]): Step[] {
  return items(template).flatMap((step): Step[] => {
    const common = {
      id: text(get(step, "id")),
      name: get(step, "name"),
      if: conditionSource(get(step, "if")),
      env: get(step, "env"),
      continueOnError: get(step, "continue-on-error"),
      timeoutMinutes: get(step, "timeout-minutes"),
      at: at(step),
    };
    if (get(step, "background") !== undefined) {
      problems.push({ file, ...at(step), message: 'The sandbox knows no "background" steps' });
    }
    const run = get(step, "run");
    const uses = text(get(step, "uses"));
    if (run !== undefined) {
      const shell = get(step, "shell");
      const workingDirectory = get(step, "working-directory");
      return [{ kind: "run", ...common, run, shell, workingDirectory }];
    }
    if (uses !== undefined) return [{ kind: "uses", ...common, uses, with: get(step, "with") }];
    problems.push({
      file,
      ...at(step),
      message: 'The sandbox runs steps with "run" or "uses" only',
    });
    return [];
  });
}
