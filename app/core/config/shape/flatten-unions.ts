import type * as z from "zod";
import type { Path } from "#core/config/yaml/read-yaml.ts";

/** One mistake in shape, with its path from the root. */
export type ShapeIssue = { issue: z.core.$ZodIssue; path: Path };

/**
 * Every issue once. A union reports for each of its branches: only the branch counts whose kind of value (text, list,
 * map) was written; where there is none, the union itself.
 */
export function flattenUnions(issues: readonly z.core.$ZodIssue[], above: Path = []): readonly ShapeIssue[] {
  return issues.flatMap((issue) => {
    const path: Path = [...above, ...issue.path.map((key) => (typeof key === "number" ? key : String(key)))];
    const branch = issue.code === "invalid_union" ? issue.errors.find(isMeant) : undefined;
    return branch === undefined ? [{ issue, path }] : flattenUnions(branch, path);
  });
}

function isMeant(branch: readonly z.core.$ZodIssue[]): boolean {
  return !branch.some(({ code, path }) => path.length === 0 && (code === "invalid_type" || code === "invalid_value"));
}
