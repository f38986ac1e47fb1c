import { coerceText } from "#sandbox/actions/expression/evaluate-template.ts";
import { text } from "#sandbox/actions/workflow/template-access.ts";
import type { InputDefinition } from "#sandbox/actions/workflow/workflow.ts";

export type DispatchInputs =
  | {
      kind: "inputs";
      /** as `inputs` shows them */
      typed: Record<string, string | number | boolean>;
      /** as `github.event.inputs` shows them */
      texts: Record<string, string>;
    }
  | { kind: "refused"; message: string };

/** Checks what a dispatch sends against what its workflow declares, as GitHub does. */
export function readDispatchInputs(
  declared: ReadonlyMap<string, InputDefinition>,
  sent: Readonly<Record<string, unknown>>,
  environments: readonly string[],
): DispatchInputs {
  const unexpected = Object.keys(sent).filter((name) => !declared.has(name));
  if (unexpected.length > 0) return refused(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  const typed: Record<string, string | number | boolean> = {};
  const texts: Record<string, string> = {};
  for (const [name, input] of declared) {
    const given = sent[name];
    const fallback = text(input.default) ?? (input.type === "choice" ? input.options[0] : undefined);
    if (given !== undefined && typeof given === "object") {
      return refused(`Invalid value for input '${name}': it must be a text, a number or a boolean`);
    }
    const missing = given === undefined || given === null || given === "";
    if (input.required && missing && fallback === undefined) return refused(`Required input '${name}' not provided`);
    const value = given === undefined || given === null ? (fallback ?? "") : coerceText(given);
    const problem = findProblem(name, input, value, environments);
    if (problem !== undefined) return refused(problem);
    texts[name] = input.type === "boolean" && value === "" ? "false" : value;
    typed[name] = toType(input, value);
  }
  return { kind: "inputs", typed, texts };
}

function findProblem(
  name: string,
  input: InputDefinition,
  value: string,
  environments: readonly string[],
): string | undefined {
  if (value === "") return undefined;
  switch (input.type) {
    case "choice":
      return input.options.includes(value)
        ? undefined
        : `Provided value '${value}' for input '${name}' not in the list of allowed values`;
    case "boolean":
      return value === "true" || value === "false"
        ? undefined
        : `Provided value '${value}' for input '${name}' is not a boolean`;
    case "number":
      return Number.isNaN(Number(value)) ? `Provided value '${value}' for input '${name}' is not a number` : undefined;
    case "environment":
      return environments.length === 0 || environments.includes(value)
        ? undefined
        : `Provided value '${value}' for input '${name}' not in the list of allowed values`;
    case "string":
      return undefined;
  }
}

function toType(input: InputDefinition, value: string): string | number | boolean {
  if (input.type === "boolean") return value === "true";
  return input.type === "number" && value !== "" ? Number(value) : value;
}

function refused(message: string): DispatchInputs {
  return { kind: "refused", message };
}
