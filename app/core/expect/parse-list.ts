import type { ConfigProblem, Expectation } from "#core/config/config.ts";
import { parseConfig } from "#core/config/parse.ts";

export type ParsedList =
  | { kind: "expectations"; expectations: readonly Expectation[] }
  | { kind: "problems"; problems: readonly ConfigProblem[] };

const frame = `version: 1
models:
  data:
    train: { run: "-", model: m }
    predict: { run: "-" }
    evaluate: { holdout: h.csv, task: binary, label: l, score: s }
`;
const framePath = /^models\.data\.?(?:expect)?/;

/**
 * Reads a file of expectations: a list as it stands below `expect:` of a config, with or without that key. Mistakes are
 * those of a config, at their places in this file.
 */
export function parseExpectationList(text: string): ParsedList {
  const lines = text
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .split("\n");
  // a document may begin with a mark, which nothing below a key may
  const body = lines.map((line, index) => (/^---\s*$/.test(line) && isBlank(lines.slice(0, index)) ? "" : line));
  const keyed = body.some((line) => /^expect\s*:/.test(line));
  const head = keyed ? frame : `${frame}    expect:\n`;
  const indent = keyed ? 4 : 6;
  const parsed = parseConfig(head + body.map((line) => (line === "" ? "" : " ".repeat(indent) + line)).join("\n"));
  if (parsed.kind === "problems") {
    const before = head.split("\n").length - 1;
    return {
      kind: "problems",
      problems: parsed.problems.map(({ path, line, column, message }) => ({
        path: path.replace(framePath, ""),
        line: Math.max(1, line - before),
        column: Math.max(1, column - indent),
        message,
      })),
    };
  }
  const [model] = parsed.config.models.values();
  return { kind: "expectations", expectations: model?.expect ?? [] };
}

function isBlank(lines: readonly string[]): boolean {
  return lines.every((line) => line.trim() === "" || line.startsWith("#"));
}
