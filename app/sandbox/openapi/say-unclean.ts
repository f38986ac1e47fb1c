import type { Violation } from "./check-schema.ts";

/** A violation in an answer or payload of ours, for whoever mends it. */
export function sayUnclean({ kind, path, wanted, value }: Violation): string {
  const at = path === "" ? "the whole" : `"${path}"`;
  const is = JSON.stringify(value)?.slice(0, 80) ?? "undefined";
  switch (kind) {
    case "missing":
      return `${at} is missing`;
    case "unknown":
      return `${at} is not described`;
    case "type":
      return `${at} must be ${wanted}, it is ${is}`;
    case "enum":
      return `${at} must be one of ${wanted}, it is ${is}`;
    case "length":
    case "items":
      return `${at} may hold ${wanted} at most`;
    case "other":
      return `${at} ${wanted}, it is ${is}`;
  }
}
