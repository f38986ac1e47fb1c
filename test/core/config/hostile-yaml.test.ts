import { describe, expect, it } from "vitest";
import { parseConfig } from "#core/config/parse.ts";
import { smallest } from "./examples.ts";

function listProblems(input: string | Uint8Array): readonly string[] {
  const parsed = parseConfig(input);
  if (parsed.kind === "config") return [];
  return parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const fill = (piece: string, bytes = 65_000): string => piece.repeat(Math.floor(bytes / piece.length));

describe("parseConfig() of hostile text", () => {
  it.for<[what: string, text: string, problem: string]>([
    ["too many bytes", fill("a: 1\n", 65_540), "1:1 the file has 65540 bytes: at most 65536 are read"],
    ["open brackets", "[".repeat(1_000), "1:33 it is nested more than 32 levels deep: at most 32 are read"],
    ["open braces", `a: ${"{a: ".repeat(1_000)}`, "1:132 it is nested more than 32 levels deep: at most 32 are read"],
    [
      "a ladder of maps",
      Array.from({ length: 40 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
      "33:33 it is nested more than 32 levels deep: at most 32 are read",
    ],
    ["lists in lists", "- ".repeat(1_000), "1:1 it is nested more than 32 levels deep: at most 32 are read"],
    ["keys in keys", "? ".repeat(1_000), "1:1 it is nested more than 32 levels deep: at most 32 are read"],
    [
      "a second document",
      `${smallest}---\nversion: 1\n`,
      '12:1 there is a second document: the file holds one, remove "---" and what follows',
    ],
    ["a tab for indentation", "version: 1\nmodels:\n\tchurn: {}\n", "3:1 a tab indents this line: indent with spaces"],
    ["a control character", "version: 1\u0007\n", "1:11 there is a control character (U+0007): remove it"],
    ["a lone carriage return", "version: 1\rmodels: {}\n", "1:11 there is a control character (U+000D): remove it"],
    [
      "a sequence that never ends",
      "version: [1\n",
      "2:1 this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  ])("refuses %s", ([, text, problem]) => {
    expect(listProblems(text)).toContain(problem);
  });

  it("says where a file stops being UTF-8", () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode("version: 1\n# "), 0xff, 0xfe]);
    expect(listProblems(bytes)).toEqual(["2:3 the file is not UTF-8: save it as UTF-8"]);
  });

  it.for<[what: string, written: string, problem: string]>([
    [
      "an alias",
      "predict: *train",
      '7:14 "*train" refers to an anchor: anchors and aliases are not read, write the value out',
    ],
    [
      "a pattern without quotes",
      "predict: { run: *.py }",
      '7:21 "*.py" is an alias to YAML: write a pattern that starts with * in quotes',
    ],
    [
      "an anchor",
      "predict: &p { run: x }",
      '7:17 "&p" sets an anchor: anchors and aliases are not read, write the value out',
    ],
    ["a tag", "predict: !!map { run: x }", '7:20 the tag "tag:yaml.org,2002:map" is not read: remove it'],
    ["a tag of its own", "predict: { run: !js x }", '7:25 the tag "!js" is not read: remove it'],
    ["a key twice", "predict: { run: x, run: y }", '7:24 "run" is there twice: keep one'],
    ["a key that is a list", "predict: { run: x, [a]: y }", "7:24 this key is not plain text: write a word"],
    [
      "a key that every object has",
      "predict: { run: x, __proto__: { y: 1 } }",
      '7:24 "__proto__" cannot be a key: choose another name',
    ],
    [
      "a merge key",
      "predict: { run: x, <<: { y: 1 } }",
      '7:24 "<<" is not a key here: known here are run, runs-on, timeout',
    ],
    [
      "a control character in quotes",
      'predict: { run: "a\\0b" }',
      "7:21 the text holds the control character U+0000, which no setting can hold: remove it",
    ],
    [
      "half a surrogate pair",
      'predict: { run: "\\ud800" }',
      "7:21 the text holds half a surrogate pair, which no setting can hold: remove it",
    ],
    [
      "constructor for a key",
      "predict: { run: x, constructor: y }",
      '7:24 "constructor" is not a key here: known here are run, runs-on, timeout',
    ],
  ])("reports %s once, with its place", ([, written, problem]) => {
    const text = smallest.replace(/predict:.*\n/, `${written}\n`);
    expect(listProblems(text)).toEqual([problem]);
  });

  it("expands no bomb of aliases", () => {
    const bomb = Array.from({ length: 30 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]`);
    expect(listProblems(`a0: &a0 [x]\n${bomb.join("\n")}\n`)).toHaveLength(60 + 31 + 2);
  });

  const large = [
    Array.from({ length: 9_000 }, (_, index) => `k${index}:`).join("\n"),
    `version: 1\nmodels:\n${Array.from({ length: 4_000 }, (_, index) => `  m.${index}: {}`).join("\n")}`,
    `version: 1\nmodels:\n${Array.from({ length: 3_000 }, (_, index) => `  m${index}: {a: 1}`).join("\n")}`,
    Array.from({ length: 3_500 }, (_, index) => `model${index}: 1`).join("\n"),
    fill("'"),
    fill('"'),
    fill("&a "),
    fill("*a "),
    fill("!a "),
    fill("? "),
    fill("---\n"),
    `a: [${fill("[],")}`,
    `a: ${fill("b: ")}`,
    `a: |\n${fill("  x\n\n")}`,
    `a: ${fill("9")}`,
  ];
  it.for(large.map((text) => [text.slice(0, 12), text] as const))(
    "answers %j… at the limit of size soon",
    ([, text]) => {
      const start = performance.now();
      expect(listProblems(text)).not.toEqual([]);
      expect(performance.now() - start).toBeLessThan(3_000);
    },
  );
});
