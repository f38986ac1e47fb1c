import { loadParser } from "./load-parser.ts";
import { readSteps } from "./read-steps.ts";
import { readTemplate } from "./template.ts";
import type { Template } from "./template.ts";
import { entries, flag, get, text } from "./template-access.ts";
import type { Problem, Step } from "./workflow.ts";

export type ActionDefinition = {
  name: string;
  inputs: ReadonlyMap<string, { default: Template | undefined; required: boolean }>;
  runs:
    | {
        kind: "node";
        main: string;
        pre: string | undefined;
        preIf: string;
        post: string | undefined;
        postIf: string;
      }
    | { kind: "composite"; steps: readonly Step[]; outputs: ReadonlyMap<string, Template> };
};

export type ActionReading =
  | { kind: "action"; action: ActionDefinition }
  | { kind: "invalid"; problems: readonly Problem[] };

/** Reads an `action.yml`: Node and composite actions. Docker actions are a problem, as the sandbox runs no containers. */
export async function readAction(path: string, content: string): Promise<ActionReading> {
  const parser = await loadParser();
  const parsed = parser.parseAction({ name: path, content }, parser.trace);
  const problems: Problem[] = parsed.context.errors.getErrors().map((error) => ({
    file: path,
    line: error.range?.start.line ?? 1,
    column: error.range?.start.column ?? 1,
    message: error.rawMessage.split("\n")[0] ?? error.rawMessage,
  }));
  const root = parsed.value === undefined ? undefined : readTemplate(parsed.value, content);
  if (root === undefined || problems.length > 0) return { kind: "invalid", problems };
  const runs = readRuns(root, path, problems);
  if (runs === undefined || problems.length > 0) return { kind: "invalid", problems };
  return {
    kind: "action",
    action: {
      name: text(get(root, "name")) ?? path,
      inputs: new Map(
        entries(get(root, "inputs")).map(({ key, value }) => [
          key,
          { default: get(value, "default"), required: flag(get(value, "required")) },
        ]),
      ),
      runs,
    },
  };
}

function readRuns(root: Template, file: string, problems: Problem[]): ActionDefinition["runs"] | undefined {
  const runs = get(root, "runs");
  const using = text(get(runs, "using")) ?? "";
  if (using === "composite") {
    return {
      kind: "composite",
      steps: readSteps(get(runs, "steps"), file, problems),
      outputs: new Map(
        entries(get(root, "outputs")).flatMap(({ key, value }) => {
          const output = get(value, "value");
          return output === undefined ? [] : [[key, output]];
        }),
      ),
    };
  }
  if (using === "node24" || using === "node20") {
    return {
      kind: "node",
      main: text(get(runs, "main")) ?? "",
      pre: text(get(runs, "pre")),
      preIf: text(get(runs, "pre-if")) ?? "always()",
      post: text(get(runs, "post")),
      postIf: text(get(runs, "post-if")) ?? "always()",
    };
  }
  problems.push({
    file,
    line: runs?.at.line ?? 1,
    column: runs?.at.column ?? 1,
    message: `The sandbox runs "node24" and "composite" actions, not "${using}"`,
  });
  return undefined;
}
