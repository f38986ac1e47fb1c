import { evaluateTexts, evaluateText } from "#sandbox/actions/expression/evaluate-template.ts";
import type { Scope } from "#sandbox/actions/expression/evaluate.ts";
import type { ActionDefinition } from "#sandbox/actions/workflow/read-action.ts";
import type { Template } from "#sandbox/actions/workflow/template.ts";

/** What `with:` gives an action, filled up with its defaults; names without regard to case, as the action spells them. */
export function actionInputs(
  action: ActionDefinition | undefined,
  written: Template | undefined,
  scope: Scope,
): Record<string, string> {
  const given = new Map(
    Object.entries(evaluateTexts(written, scope)).map(([key, value]) => [key.toLowerCase(), { key, value }]),
  );
  const inputs: Record<string, string> = {};
  for (const [key, definition] of action?.inputs ?? []) {
    const found = given.get(key.toLowerCase());
    given.delete(key.toLowerCase());
    if (found !== undefined) inputs[key] = found.value;
    else if (definition.default !== undefined) inputs[key] = evaluateText(definition.default, scope);
    else inputs[key] = "";
  }
  for (const { key, value } of given.values()) inputs[key] = value;
  return inputs;
}

/** INPUT_NAME, as `@actions/core` reads inputs. */
export function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [`INPUT_${key.replaceAll(" ", "_").toUpperCase()}`, value]),
  );
}
