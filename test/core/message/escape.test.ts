import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { codeBlock, escapeCell, escapeProse, plainLine, tail } from "#core/message/escape.ts";
import { hostile } from "./report-fixture.ts";

const markdown = new MarkdownIt({ html: true, linkify: true });
const alphabet = [
  "`",
  "|",
  "\\",
  "@",
  "#",
  "<",
  ">",
  "[",
  "]",
  "(",
  ")",
  "!",
  "*",
  "_",
  "~",
  "$",
  "&",
  "\n",
  "\r",
  "\t",
  " ",
  "-",
  ":",
  "/",
  "a",
  "b",
  "1",
  ".",
  "http",
  "www.",
  "é",
  "\u202e",
  "\ud83d\ude00",
  "{",
  "=",
];

/** 4,000 texts out of the characters that matter, always the same. */
function* randomTexts(): Generator<string> {
  let seed = 42;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed % below;
  };
  for (let index = 0; index < 4_000; index++) {
    yield Array.from({ length: 1 + next(24) }, () => alphabet[next(alphabet.length)]).join("");
  }
}

/** What a reader could be fooled by: elements other than the few that the surroundings bring. */
const elements = (html: string): string[] => [...html.matchAll(/<([a-z0-9]+)[\s>]/g)].map(([, name]) => name ?? "");
const others = (html: string, allowed: readonly string[]): string[] =>
  elements(html).filter((name) => !allowed.includes(name));
const bare = (html: string): string => html.replace(/<code>[^<]*<\/code>/g, "");
const mention = /(?<![\w\u200b])[@#]\w/;

describe.for([
  ["hostile", hostile],
  ["random", [...randomTexts()]],
] as const)("%s texts", ([, texts]) => {
  it("escapeCell() stays one code span in one cell", () => {
    for (const text of texts) {
      const html = markdown.render(`| a | b |\n|---|---|\n| ${escapeCell(text)} | ${escapeCell(text)} |`);
      expect(
        elements(html).filter((name) => name === "td"),
        text,
      ).toHaveLength(2);
      expect(others(html, ["table", "thead", "tbody", "tr", "th", "td", "code"]), text).toEqual([]);
      expect(
        bare(html)
          .replace(/<[^>]*>/g, "")
          .replace(/[\sab—]/g, ""),
        text,
      ).toBe("");
    }
  });

  it("escapeProse() stays text in a heading, a list, a cell and a paragraph", () => {
    for (const text of texts) {
      const shown = escapeProse(text);
      const html = markdown.render(`### ${shown}\n\n- ${shown}\n\n${shown}\n\n| a | b |\n|---|---|\n| ${shown} | x |`);
      const allowed = ["h3", "ul", "li", "p", "table", "thead", "tbody", "tr", "th", "td"];
      expect(others(html, allowed), `${text}\n${html}`).toEqual([]);
      expect(
        elements(html).filter((name) => name === "td"),
        text,
      ).toHaveLength(2);
      expect(html.replace(/&#?\w+;/g, "").replace(/<[^>]*>/g, ""), text).not.toMatch(mention);
    }
  });

  it("escapeProse() shows the characters it was given", () => {
    for (const text of texts) {
      const html = markdown.renderInline(`x ${escapeProse(text)}`);
      const read = html
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&amp;", "&");
      const wanted = plainLine(text, 1_000);
      expect(read.replaceAll("\u200b", "").replace(/\s+/g, " "), text).toBe(`x ${wanted}`.replace(/\s+/g, " ").trim());
    }
  });

  it("codeBlock() holds everything inside its fence", () => {
    for (const text of texts) {
      const html = markdown.render(`${codeBlock(text)}\n\nafter`);
      expect(html, text).toMatch(/^<pre><code>[^<]*<\/code><\/pre>\n<p>after<\/p>\n$/);
    }
  });
});

it.for([
  ["", "—"],
  ["   ", "—"],
  ["auc", "`auc`"],
  ["a`b", "``a`b``"],
  ["`a`", "`` `a` ``"],
  ["a|b\\c", "`a¦b⧵c`"],
  ["@me #1", "`@\u200bme #\u200b1`"],
  ["a\u0000b", "`a b`"],
] as const)("escapeCell(%j) is %j", ([text, cell]) => {
  expect(escapeCell(text)).toBe(cell);
});

it("escapeCell() shows at most 80 code points, and never half a character", () => {
  const cell = escapeCell("😀".repeat(100_000));
  expect(Array.from(cell)).toHaveLength(82);
  expect(cell.isWellFormed()).toBe(true);
});

it("tail() keeps the end, from the beginning of a line", () => {
  expect(tail("one\ntwo\nthree\nfour\n", 13)).toBe("…\nthree\nfour");
  expect(tail("short\n\n", 100)).toBe("short");
  expect(tail("x".repeat(1_000_000), 50).length).toBeLessThanOrEqual(50);
  expect(tail("😀".repeat(50), 21).isWellFormed()).toBe(true);
});
