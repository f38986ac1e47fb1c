import { digest } from "#core/canonical.ts";

const kinds = [
  "report",
  "group",
  "drift",
  "waiting",
  "retrain",
  "answer",
  "promoted",
  "change",
  "stopped",
  "reviewers",
] as const;
export type MarkerKind = (typeof kinds)[number];

/** Machine data that rides in our own comments, invisible to people. Counts only under our own authorship. */
export type Marker = { kind: MarkerKind; data: Readonly<Record<string, string>>; body: string };

/** Appends the marker: the data and the SHA-256 of the text above it. */
export function addMarker(text: string, kind: MarkerKind, data: Readonly<Record<string, string>>): string {
  const json = JSON.stringify({ ...data, body: digest(text) });
  // "--" and ">" would end the comment early, and JSON can say both otherwise
  const hidden = json.replaceAll("-", "\\u002d").replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
  return `${text}\n\n<!-- trainyard:${kind} ${hidden} -->`;
}

/**
 * The marker on the last line, or undefined. Text above it may hold anything, quoted logs included, and is not looked at.
 * `body` is the digest as written: compare it with the text to see whether somebody edited it.
 */
export function readMarker(comment: string): Marker | undefined {
  const last = comment.trimEnd().split("\n").at(-1) ?? "";
  const match = /^<!-- trainyard:([a-z]{1,20}) (\{.{0,4000}\}) -->$/.exec(last.trim());
  const kind = kinds.find((known) => known === match?.[1]);
  if (kind === undefined || match?.[2] === undefined) return undefined;
  const data = readStrings(match[2]);
  if (data === undefined) return undefined;
  const { body = "", ...rest } = data;
  return { kind, data: rest, body };
}

function readStrings(json: string): Record<string, string> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(entries);
}
