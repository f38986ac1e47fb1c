import { describe, expect, it } from "vitest";
import { compileGlobs, findGlobMistake, parseGlob, resolveFileSet } from "#core/config/glob.ts";
import { naturalOrder } from "#core/config/natural-order.ts";
import { treeOf } from "../tree-of.ts";

describe("compileGlobs()", () => {
  it.for<[glob: string, path: string, matches: boolean]>([
    ["a.csv", "a.csv", true],
    ["a.csv", "A.csv", false],
    ["a.csv", "x/a.csv", false],
    ["*.csv", "a.csv", true],
    ["*.csv", ".csv", true],
    ["*.csv", "x/a.csv", false],
    ["*", ".hidden", true],
    ["data/*", "data/a", true],
    ["data/*", "data/a/b", false],
    ["data/*", "data", false],
    ["data/**", "data/a/b", true],
    ["data/**", "data", true],
    ["data/**", "database", false],
    ["**", "a/b/c", true],
    ["**/x", "x", true],
    ["**/x", "a/b/x", true],
    ["**/x", "a/b/xx", false],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/y/b", true],
    ["a/**/b", "a/x/y/c", false],
    ["a/**/b/**/c", "a/b/x/b/c", true],
    ["a/**/**", "a", true],
    ["a/**/**", "ab", false],
    ["a/**/*.py", "a/x.py", true],
    ["a/**/*.py", "a/b/c/x.py", true],
    ["a/*/**", "a", false],
    ["a/*/**", "a/b", true],
    ["week-?.csv", "week-9.csv", true],
    ["week-?.csv", "week-11.csv", false],
    ["?", "é", true],
    ["?", "😀", true],
    ["??", "😀", false],
    ["*?", "😀", true],
    ["*😀", "a😀", true],
    ["a?b", "a/b", false],
    ["a*b*c", "axbxbc", true],
    ["a*b*c", "axbxb", false],
    ["a+(b)", "a+(b)", true],
    ["a.b", "axb", false],
  ])("says of %s and %s: %s", ([glob, path, matches]) => {
    expect(compileGlobs([parseGlob(glob)])(path)).toBe(matches);
  });

  it("matches a path that any pattern matches, and with no pattern none", () => {
    expect(["a", "b", "c"].filter(compileGlobs(["a", "?", "c*"]))).toEqual(["a", "b", "c"]);
    expect(["a", "b", "c"].filter(compileGlobs(["b", "c*"]))).toEqual(["b", "c"]);
    expect(["a"].filter(compileGlobs([]))).toEqual([]);
  });

  it.for<[glob: string, path: string]>([
    [`${"*a".repeat(20)}*b`, "a".repeat(40)],
    [`${"*a".repeat(100)}*b`, "a".repeat(4_000)],
    [`${"**/a/".repeat(40)}b`, "a/".repeat(1_000)],
    [`${"**/*a".repeat(20)}b`.replaceAll("a**", "a/**"), `${"aaaa/".repeat(800)}c`],
    [`*${"a".repeat(200)}b`, "a".repeat(4_000)],
    ["*?".repeat(120), "a".repeat(119)],
  ])("cannot be slowed down by %.20s…", ([glob, path]) => {
    // The best of three: a busy machine says nothing about the matcher
    const times = [1, 2, 3].map(() => {
      const start = performance.now();
      expect(compileGlobs([glob])(path)).toBe(false);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });

  it("agrees with plain matching on random patterns and paths", () => {
    const random = makeRandom(7);
    const pick = (letters: string): string => letters[Math.floor(random() * letters.length)] ?? "";
    const wrong: unknown[] = [];
    let matched = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const glob = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
        random() < 0.3
          ? "**"
          : Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick("ab*?"))
              .join("")
              .replaceAll("**", "*"),
      ).join("/");
      const path = Array.from(
        { length: 1 + Math.floor(random() * 4) },
        () => pick("ab") + pick("ab").repeat(Math.floor(random() * 2)),
      ).join("/");
      const expected = matchPlainly(glob.split("/"), path.split("/"));
      if (expected) matched += 1;
      if (compileGlobs([glob])(path) !== expected) wrong.push([glob, path]);
    }
    expect(wrong).toEqual([]);
    expect(matched).toBeGreaterThan(2_000);
  });
});

/** The definition itself, by trying everything: exponential, for short texts only. */
function matchPlainly(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first === "**")
    return Array.from({ length: path.length + 1 }, (_, skip) => skip).some((skip) =>
      matchPlainly(rest, path.slice(skip)),
    );
  return path[0] !== undefined && matchLetters(first, path[0]) && matchPlainly(rest, path.slice(1));
}

function matchLetters(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern[0] === "*")
    return Array.from({ length: text.length + 1 }, (_, skip) => skip).some((skip) =>
      matchLetters(pattern.slice(1), text.slice(skip)),
    );
  return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && matchLetters(pattern.slice(1), text.slice(1));
}

function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("findGlobMistake()", () => {
  it.for<[glob: string, mistake: string | undefined]>([
    ["", "it is empty"],
    ["../a", 'it holds "..": patterns stay inside the repository'],
    ["a/../b", 'it holds "..": patterns stay inside the repository'],
    ["/etc/passwd", "it is absolute: paths start at the repository's root"],
    ["C:/data", "it is absolute: paths start at the repository's root"],
    ["a\\b", 'it holds "\\": folders are separated by "/", and nothing can be escaped'],
    ["a\u0000b", "it holds a control character"],
    ["{a,b}", "it holds braces, which are not known here: write one pattern for each case"],
    ["[ab]", 'it holds brackets, which are not known here: only "*", "?" and "**" are'],
    ["!a", 'it starts with "!": patterns only add files, they exclude none'],
    ["data/", 'it ends with "/": write "data/**" for all files of a folder'],
    ["./a", 'it holds ".": write the path from the repository\'s root without it'],
    ["a//b", 'it holds "//"'],
    ["a**", 'it holds "**" beside other characters: "**" stands alone between "/"'],
    ["***", 'it holds "**" beside other characters: "**" stands alone between "/"'],
    ["a".repeat(257), "it has 257 characters: at most 256"],
    ["a..b/.c", undefined],
    ["**/*.py", undefined],
  ])("says of %j: %s", ([glob, mistake]) => {
    expect(findGlobMistake(glob)).toBe(mistake);
  });

  it("is what parseGlob() throws", () => {
    expect(() => parseGlob("../a")).toThrow(
      'Cannot read "../a" as a pattern: it holds "..": patterns stay inside the repository',
    );
  });
});

describe("naturalOrder()", () => {
  it.for<[name: string, sorted: readonly string[]]>([
    ["counts", ["week-9", "week-11", "week-100"]],
    ["counts in folders", ["2024/w2.csv", "2024/w10.csv", "2025/w1.csv"]],
    ["counts numbers of any length", ["w99999999999999999998", "w99999999999999999999", "w100000000000000000000"]],
    ["puts fewer leading zeros last of equals, by bytes", ["w01", "w1", "w02"]],
    ["puts what ends first first", ["w", "w1", "w1a", "w1a1"]],
    ["takes digits before letters", ["1a", "a1"]],
    ["sorts by UTF-8 bytes, not by UTF-16", ["\uff5e", "😀"]],
  ])("%s", ([, sorted]) => {
    expect(sorted.toReversed().toSorted(naturalOrder)).toEqual(sorted);
  });

  it("is a total order on random names", () => {
    const random = makeRandom(3);
    const names = Array.from({ length: 60 }, () =>
      Array.from({ length: 1 + Math.floor(random() * 5) }, () => "a0123-/b"[Math.floor(random() * 8)]).join(""),
    );
    const broken: unknown[] = [];
    for (const a of names) {
      for (const b of names) {
        const order = naturalOrder(a, b);
        if (Math.sign(order) !== -Math.sign(naturalOrder(b, a)) || (order === 0) !== (a === b)) broken.push([a, b]);
        for (const c of names) {
          if (order < 0 && naturalOrder(b, c) < 0 && naturalOrder(a, c) >= 0) broken.push([a, b, c]);
        }
      }
    }
    expect(broken).toEqual([]);
  });
});

describe("resolveFileSet()", () => {
  const tree = treeOf({
    "w/week-9.csv": "9",
    "w/week-10.csv": "10",
    "w/week-11.csv": "11",
    "w/notes": "",
    "a.csv": "a",
  });
  const list = (set: Parameters<typeof resolveFileSet>[0]): readonly string[] =>
    resolveFileSet(set, tree).map(({ path }) => path);

  it("takes the newest by natural order, and lists them by bytes", () => {
    expect(list({ kind: "last", count: 2, of: "w/*.csv" })).toEqual(["w/week-10.csv", "w/week-11.csv"]);
    expect(list({ kind: "last", count: 3, of: "w/*.csv" })).toEqual(["w/week-10.csv", "w/week-11.csv", "w/week-9.csv"]);
    expect(list({ kind: "last", count: 9, of: "w/*.csv" })).toHaveLength(3);
  });

  it("takes what any pattern names, each once", () => {
    expect(list({ kind: "globs", globs: ["*.csv", "a.csv", "**/notes"] })).toEqual(["a.csv", "w/notes"]);
    expect(list({ kind: "globs", globs: ["nothing/*"] })).toEqual([]);
  });
});
