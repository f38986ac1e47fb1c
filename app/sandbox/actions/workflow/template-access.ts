import type { Position, Template, TemplateEntry } from "./template.ts";

const nowhere: Position = { line: 1, column: 1 };

/** The value of a key, or undefined where the template is no map or lacks it. */
export function get(template: Template | undefined, key: string): Template | undefined {
  return entries(template).find((entry) => entry.key === key)?.value;
}

export function entries(template: Template | undefined): readonly TemplateEntry[] {
  return template?.kind === "map" ? template.entries : [];
}

export function items(template: Template | undefined): readonly Template[] {
  return template?.kind === "list" ? template.items : [];
}

/** A literal as text; undefined for null, expressions, lists and maps. */
export function text(template: Template | undefined): string | undefined {
  return template?.kind === "value" && template.value !== null ? String(template.value) : undefined;
}

/** One text or a list of them, as `needs` and filters allow. */
export function texts(template: Template | undefined): string[] {
  const one = text(template);
  return one === undefined ? items(template).map((item) => text(item) ?? "") : [one];
}

export function flag(template: Template | undefined): boolean {
  return text(template)?.toLowerCase() === "true";
}

/** The source of an `if:`, which may or may not stand in `${{ }}`. */
export function conditionSource(template: Template | undefined): string | undefined {
  if (template === undefined) return undefined;
  return template.kind === "expression" ? template.source : (text(template) ?? "").trim();
}

export function at(template: Template | undefined): Position {
  return template?.at ?? nowhere;
}
