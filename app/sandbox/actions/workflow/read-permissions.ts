import type { Template } from "./template.ts";
import { entries, text } from "./template-access.ts";
import type { WrittenPermissions } from "./workflow.ts";

/** Reads `permissions:`, which is a map, `read-all` or `write-all`; an empty map grants nothing. */
export function readPermissions(template: Template | undefined): WrittenPermissions | undefined {
  if (template === undefined) return undefined;
  const short = text(template);
  if (short === "read-all") return { kind: "all", level: "read" };
  if (short === "write-all") return { kind: "all", level: "write" };
  const levels = entries(template).map(({ key, value }) => {
    const level = text(value);
    return [key, level === "read" || level === "write" ? level : "none"] as const;
  });
  return { kind: "some", levels: Object.fromEntries(levels) };
}
