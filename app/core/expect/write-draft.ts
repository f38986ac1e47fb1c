import { plainLine } from "#core/message/escape.ts";
import type { Draft } from "./draft-expectations.ts";

/** Drafts as YAML to paste below `expect:`: an entry a line, and behind it why. Names and values are untrusted. */
export function writeDraft(drafts: readonly Draft[]): string {
  const lines = drafts.map(({ entry, why }) => `- ${writeMap(entry)} # ${plainLine(why, 200)}`);
  return `${lines.join("\n")}\n`;
}

function writeMap(entry: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(entry).map(([key, value]) => `${key}: ${writeValue(value)}`);
  return `{ ${parts.join(", ")} }`;
}

function writeValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeValue).join(", ")}]`;
  if (typeof value !== "string") return JSON.stringify(value);
  // what YAML may take for something else is quoted, and JSON's quotes are YAML's
  const isPlain =
    /^[A-Za-z_][A-Za-z0-9_-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n|nan|inf)$/i.test(value);
  const isDuration = /^[1-9]\d*d$/.test(value);
  return isPlain || isDuration ? value : quote(value);
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    // oxlint-disable-next-line no-control-regex -- these are what must be written as codes
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
