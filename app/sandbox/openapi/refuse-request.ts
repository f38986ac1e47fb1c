import { githubError, type GithubError } from "#sandbox/forge/contract.ts";
import type { RequestViolation } from "./validate-request.ts";

/** What GitHub answers to a request that leaves its description; undefined if there is nothing to refuse. */
export function refuseRequest(violations: readonly RequestViolation[]): GithubError | undefined {
  const [first] = violations;
  if (first === undefined) return undefined;
  if (first.part === "path") return githubError(404, "Not Found");
  if (first.part === "body" && first.path === "" && first.kind === "type" && first.wanted === "object")
    return githubError(400, "Body should be a JSON object");
  const sentences = [...new Set(violations.map(sayViolation))];
  return githubError(422, `Invalid request.\n\n${sentences.join("\n")}`);
}

/** A violation in the words of GitHub's own schema checks. The value is the caller's: untrusted. */
function sayViolation({ kind, path, wanted, value }: RequestViolation): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const where = path === "" ? "" : `For '${path.split("/").map(spellSegment).join("/")}', `;
  switch (kind) {
    case "unknown":
      return `"${name}" is not a permitted key.`;
    case "missing":
      return `"${name}" wasn't supplied.`;
    case "type":
      return `${where}${spellValue(value)} is not ${article(wanted)}.`;
    case "enum":
      return `${where}${spellValue(value)} is not a possible value. Must be one of the following: ${wanted}.`;
    case "length":
      return `Only ${wanted} characters are allowed; ${String(value).length} were supplied.`;
    case "items":
      return `No more than ${wanted} items are allowed; ${countOf(value)} were supplied.`;
    case "other":
      return `${where}${spellValue(value)} ${wanted}.`;
  }
}

function spellSegment(segment: string): string {
  return /^\d+$/.test(segment) ? `items/${segment}` : `properties/${segment}`;
}

function spellValue(value: unknown): string {
  if (value === null || value === undefined) return "nil";
  return JSON.stringify(value).slice(0, 200);
}

function article(type: string): string {
  const types = type.split(" or ");
  return types.map((one) => (/^[aeiou]/.test(one) ? `an ${one}` : `a ${one}`)).join(" or ");
}

function countOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}
