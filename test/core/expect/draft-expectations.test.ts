import { expect, it } from "vitest";
import { draftExpectations, type ColumnFacts } from "#core/expect/draft-expectations.ts";
import { parseExpectationList } from "#core/expect/parse-list.ts";
import { widenRange } from "#core/expect/widen-range.ts";
import { writeDraft } from "#core/expect/write-draft.ts";

const column = (name: string, more: Partial<ColumnFacts>): ColumnFacts => ({
  name,
  type: "text",
  values: 100,
  leastFull: 1,
  distinct: 100,
  range: undefined,
  lengths: undefined,
  levels: undefined,
  newestMs: undefined,
  ...more,
});
const nowMs = Date.UTC(2026, 0, 10);

it.for<[low: number, high: number, nearLow: number, nearHigh: number, whole: boolean, wanted: [number, number]]>([
  [18, 90, 20, 88, true, [10, 98]],
  [0, 6, 0, 4, true, [0, 8]],
  [1.23, 1.27, 1.23, 1.27, false, [1.226, 1.274]],
  [0.1, 0.9, 0.1, 0.9, false, [0.02, 0.98]],
  [-5, -1, -5, -1, false, [-5.4, -0.5]],
  [-0.05, -0.01, -0.05, -0.01, false, [-0.055, -0.006]],
  [0, 1000, 1, 50, false, [0, 2000]],
  [7, 7, 7, 7, true, [6, 8]],
  [0, 0, 0, 0, false, [0, 0]],
])("widenRange() of %d to %d", ([low, high, nearLow, nearHigh, whole, wanted]) => {
  expect(widenRange({ low, high, nearLow, nearHigh }, whole)).toEqual(wanted);
});

it("draftExpectations() says of each column what is always so in it, and why", () => {
  const drafts = draftExpectations(
    {
      rows: 100,
      files: 1,
      fewestRows: 100,
      key: undefined,
      columns: [
        column("id", { type: "integer", range: { low: 1, high: 100, nearLow: 1, nearHigh: 99 } }),
        column("age", {
          type: "integer",
          values: 98,
          leastFull: 0.98,
          distinct: 60,
          range: { low: 18, high: 90, nearLow: 20, nearHigh: 88 },
        }),
        column("plan", {
          distinct: 2,
          levels: [
            { value: "yes", count: 60 },
            { value: "no", count: 40 },
          ],
        }),
        column("rare", {
          distinct: 2,
          levels: [
            { value: "a", count: 99 },
            { value: "b", count: 1 },
          ],
        }),
        column("code", { distinct: 80, lengths: { low: 2, high: 2 } }),
        column("day", { type: "date", distinct: 9, newestMs: nowMs - 3 * 86_400_000 }),
        column("old", { type: "date", distinct: 9, newestMs: Date.UTC(2001, 0, 1) }),
        column("empty", { values: 0, distinct: 0 }),
        column("nested", { type: undefined }),
        column("odd", {
          distinct: 1,
          levels: [{ value: "a\u202eb", count: 100 }],
        }),
        column("hi\u202edden", {}),
      ],
    },
    nowMs,
  );
  expect(writeDraft(drafts))
    .toBe(`- { columns: [id, age, plan, rare, code, day, old, empty, nested, odd] } # they are there now
- { row-count: [50, null] } # half of the 100 there are: fewer were cut off
- { column: id, type: integer, not-null: true, unique: true } # never empty; no value twice
- { column: age, type: integer, between: [10, 98] } # seen 18 to 90, with room for what the next rows may bring
- { column: age, not-null: true, mostly: 0.938 } # 98 % filled, with room for chance
- { column: plan, type: text, not-null: true, in: ["yes", "no"] } # never empty; all 2 values, the rarest 40 times
- { column: rare, type: text, not-null: true } # never empty
- { column: code, type: text, not-null: true, length: 2 } # never empty; always 2 characters
- { column: day, type: date, not-null: true } # never empty
- { column: day, freshness: 6d, level: warn } # the newest is 3 d old now: twice that, set it to how often the data should come
- { column: old, type: date, not-null: true } # never empty
- { column: odd, type: text, not-null: true } # never empty
`);
});

it("draftExpectations() of several files fits one file, and finds a share of empty cells that jumps", () => {
  const drafts = draftExpectations(
    {
      rows: 36_000,
      files: 12,
      fewestRows: 2_900,
      key: undefined,
      columns: [
        column("often", { values: 35_000, leastFull: 0.95 }),
        column("seldom", { values: 35_990, leastFull: 0.9990001 }),
        column("gaps", { values: 30_000, leastFull: 0.89 }),
      ],
    },
    nowMs,
  );
  expect(writeDraft(drafts)).toBe(`- { columns: [often, seldom, gaps] } # they are there now
- { row-count: [1400, null] } # half of the 2,900 in the smallest of 12 files, so that one file may be checked: fewer were cut off
- { column: often, type: text } # all 35,000 values are
- { column: often, not-null: true, mostly: 0.925 } # 95 % filled in the file with the most empty cells, with room for chance
- { column: seldom, type: text } # all 35,990 values are
- { column: seldom, not-null: true, mostly: 0.989 } # 99.9 % filled in the file with the most empty cells, with room for chance
- { column: gaps, type: text } # all 30,000 values are
`);
});

it("writeDraft() writes names and values that YAML would take for something else so that they come back", () => {
  const names = ["true", "1", "a: b", "#x", 'qu"ote', "line\nend", "ünï", "- x", "", "null", "2d", "{a}"];
  const text = writeDraft([
    { entry: { columns: names.filter((name) => name.trim() !== "" && !name.includes("\n")) }, why: "a\nb # c" },
    { entry: { column: "v", in: names }, why: "" },
  ]);
  const parsed = parseExpectationList(text);
  expect(parsed).toMatchObject({
    kind: "expectations",
    expectations: [{ kind: "columns" }, { kind: "in", values: names }],
  });
});

it("parseExpectationList() reads a list with and without its key, and says mistakes where they stand", () => {
  const list = "- { column: a, not-null: true }\n- { row-count: 5, level: warn }\n";
  const wanted = [
    { kind: "not-null", column: "a" },
    { kind: "row-count", low: 5, high: 5, level: "warn" },
  ];
  for (const text of [
    list,
    `---\n${list}`,
    `# mine\nexpect:\n${list.replace(/^/gm, "  ")}`,
    list.replaceAll("\n", "\r\n"),
  ])
    expect(parseExpectationList(text)).toEqual({ kind: "expectations", expectations: wanted });
  const parsed = parseExpectationList("- { column: a, not-nul: true }\n- { between: [2, 1] }\n");
  expect(
    parsed.kind === "problems" ? parsed.problems.map((one) => `${one.line}:${one.column} ${one.path}`) : [],
  ).toEqual(["1:16 [0].not-nul", "2:3 [1]", "2:14 [1].between"]);
});
