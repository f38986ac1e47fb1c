import { evaluateExpression } from "./evaluate.ts";
import type { Scope } from "./evaluate.ts";
import type { Template } from "#sandbox/actions/workflow/template.ts";

/** Evaluates every expression inside a template; undefined stays undefined. */
export function evaluateTemplate(template: Template | undefined, scope: Scope): unknown {
  switch (template?.kind) {
    case undefined:
      return undefined;
    case "value":
      return template.value;
    case "expression":
      return evaluateExpression(template.source, scope);
    case "list":
      return template.items.map((item) => evaluateTemplate(item, scope));
    case "map":
      return Object.fromEntries(template.entries.map(({ key, value }) => [key, evaluateTemplate(value, scope)]));
  }
}

/** Evaluates to text as the runner does: null is empty, objects are "Object". */
export function evaluateText(template: Template | undefined, scope: Scope): string {
  return coerceText(evaluateTemplate(template, scope));
}

/** Evaluates a map whose values become text (`env`, `with`, `outputs`). */
export function evaluateTexts(template: Template | undefined, scope: Scope): Record<string, string> {
  const value = evaluateTemplate(template, scope);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coerceText(item)]));
}

/** undefined where the template is missing or no number. */
export function evaluateNumber(template: Template | undefined, scope: Scope): number | undefined {
  const value = evaluateTemplate(template, scope);
  if (value === undefined || value === null || value === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

export function evaluateFlag(template: Template | undefined, scope: Scope): boolean {
  const value = evaluateTemplate(template, scope);
  return typeof value === "string" ? value.toLowerCase() === "true" : Boolean(value);
}

export function coerceText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return "Array";
  if (typeof value === "object") return "Object";
  return typeof value === "string" ? value : JSON.stringify(value);
}
