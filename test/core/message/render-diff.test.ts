import MarkdownIt from "markdown-it";
import { expect, it } from "vitest";
import { dataDiffSchema, type DataDiff } from "#core/diff/data-diff.ts";
import type { DataReport } from "#core/evidence.ts";
import { renderReport } from "#core/message/render-report.ts";
import { renderDataChange, sayDataChange } from "#core/message/report/data-change.ts";
import { renderDiff } from "#core/message/terminal/render-diff.ts";
import { hostile, input, model } from "./report-fixture.ts";

const markdown = new MarkdownIt({ html: true, linkify: true });
const none = { values: 0, rows: 0, examples: [] };

const diff: DataDiff = {
  filesAdded: 1,
  filesRemoved: 0,
  filesChanged: 1,
  rowsAdded: 12_431,
  rowsRemoved: 3,
  rowsChanged: 205,
  key: ["customer"],
  rows: { before: 100_000, after: 112_428 },
  bytes: { before: 8_000_000, after: 9_100_000 },
  examples: { added: ["C-100001", "C-100002"], removed: ["C-17"] },
  columns: {
    added: [
      { column: "income", type: "number" },
      { column: "city", type: "text" },
    ],
    removed: [{ column: "salary", type: "number" }],
    retyped: [{ column: "age", before: "number", after: "text" }],
    renamed: [{ before: "salary", after: "income" }],
    reordered: true,
  },
  cells: [
    { column: "age", changed: 201, examples: [{ key: "C-4", before: "31", after: "N/A" }] },
    { column: "device", changed: 4, examples: [{ key: "C-9", before: null, after: "watch" }] },
  ],
  nulls: [
    { column: "device", before: 2_000, after: 6_745 },
    { column: "age", before: 10, after: 12 },
  ],
  categories: [
    {
      column: "device",
      new: { values: 1, rows: 900, examples: [{ value: "watch", rows: 900 }] },
      missing: { values: 7, rows: 40, examples: [{ value: "fax", rows: 30 }] },
    },
    { column: "city", new: none, missing: none },
  ],
  labels: {
    column: "churned",
    values: [
      { value: "0", before: 80_000, after: 85_000 },
      { value: "1", before: 20_000, after: 27_428 },
    ],
  },
  duplicates: { before: 0, after: 2 },
  leakage: { holdoutRows: 5_000, byId: 412, byContent: 10, byChance: 2.5, leaks: true },
  notes: [],
};
const data = (change: Partial<DataDiff> = {}): DataReport => ({
  schema: "trainyard/data/1",
  model: "churn",
  expectations: [],
  diff: { ...diff, ...change },
});

it("says what changed in the data in one line, and folds the details", () => {
  expect(sayDataChange(data())).toMatchInlineSnapshot(
    `"Data: +12,431 rows, −3 rows, 205 rows changed, 1 file added, 1 file changed, 1 column added, 1 column perhaps renamed, 1 column of another type, 1 new category in \`device\`, 7 categories gone from \`device\`, \`device\` empty in 6.0 % of rows (was 2.0 %), \`churned\` = \`0\` in 75.6 % of rows (was 80.0 %)"`,
  );
  expect(renderDataChange(data())).toMatchInlineSnapshot(`
    "<details><summary>What changed in the data</summary>

    - Perhaps renamed: \`salary\` → \`income\`, with the same content
    - Columns added: \`city\` (text)
    - \`age\` was number and is text now
    - The columns stand in another order

    | cells that changed in 205 rows | cells | for example              |
    | :----------------------------- | ----: | :----------------------- |
    | \`age\`                          |   201 | \`C-4\`: \`31\` → \`N/A\`      |
    | \`device\`                       |     4 | \`C-9\`: (empty) → \`watch\` |

    | categories | new                               | gone                               |
    | :--------- | :-------------------------------- | :--------------------------------- |
    | \`device\`   | 1 in 0.8 % of rows: \`watch\` (900) | 7 in < 0.1 % of rows: \`fax\` (30) … |
    | \`city\`     | —                                 | —                                  |

    | empty values |        before |           now |
    | :----------- | ------------: | ------------: |
    | \`device\`     | 2,000 (2.0 %) | 6,745 (6.0 %) |

    | label \`churned\` |          before |             now |
    | :-------------- | --------------: | --------------: |
    | \`0\`             | 80,000 (80.0 %) | 85,000 (75.6 %) |
    | \`1\`             | 20,000 (20.0 %) | 27,428 (24.4 %) |

    - 100,000 → 112,428 rows, 8.0 MB → 9.1 MB; a row is named by \`customer\`
    - Rows that repeat another one, in files that changed: 0 before, 2 now
    - Added, for example: \`C-100001\`, \`C-100002\`
    - Removed, for example: \`C-17\`

    </details>"
  `);
});

it("warns of holdout rows in the training data before the numbers, and of nothing where chance explains them", () => {
  const warning = "⚠️ **412 of 5,000 holdout rows are in the training data**";
  const body = renderReport(input([model({ data: data() })]));
  expect(body.indexOf(warning)).toBeGreaterThan(0);
  expect(body.indexOf(warning)).toBeLessThan(body.indexOf("| nDCG"));
  const leakage = { holdoutRows: 5_000, byId: 0, byContent: 900, byChance: 890, leaks: false };
  expect(renderReport(input([model({ data: data({ leakage }) })]))).not.toContain("holdout rows");
});

it("shows the same on a terminal", () => {
  expect(renderDiff(diff)).toMatchInlineSnapshot(`
    "+12,431 rows, −3 rows, 205 rows changed, 1 file added, 1 file changed, 1 column added, 1 column perhaps renamed, 1 column of another type, 1 new category in device, 7 categories gone from device, device empty in 6.0 % of rows (was 2.0 %), churned = 0 in 75.6 % of rows (was 80.0 %)

    ⚠️ 412 of 5,000 holdout rows are in the training data (412 by their id; 10 with the same values, label aside, which may be the same rows, of which chance alone would bring about 3)

    - Perhaps renamed: salary → income, with the same content
    - Columns added: city (text)
    - age was number and is text now
    - The columns stand in another order

    cells that changed in 205 rows  cells  for example
    age                               201  C-4: 31 → N/A
    device                              4  C-9: (empty) → watch

    categories  new                              gone
    device      1 in 0.8 % of rows: watch (900)  7 in < 0.1 % of rows: fax (30) …
    city        —                                —

    empty values         before            now
    device        2,000 (2.0 %)  6,745 (6.0 %)
    age            10 (< 0.1 %)   12 (< 0.1 %)

    label churned           before              now
    0              80,000 (80.0 %)  85,000 (75.6 %)
    1              20,000 (20.0 %)  27,428 (24.4 %)

    - 100,000 → 112,428 rows, 8.0 MB → 9.1 MB; a row is named by customer
    - Rows that repeat another one, in files that changed: 0 before, 2 now
    - Added, for example: C-100001, C-100002
    - Removed, for example: C-17"
  `);
  const alone = renderDiff({ ...diff, key: [], rowsChanged: null, filesChanged: 0 });
  expect(alone).toContain("100,000 → 112,428 rows, 8.0 MB → 9.1 MB\n");
  expect(renderDiff({ ...diff, key: [], rowsChanged: null })).toContain("9.1 MB; rows are compared as a whole\n");
  const names = diff.categories?.map((column) => ({ ...column, nearlyUnique: true as const })) ?? [];
  const [headline = "", details = ""] = renderDiff({ ...diff, categories: names }).split(/\n\n([^]*)/);
  expect(headline).not.toContain("gone from device");
  expect(details).toContain("7 in < 0.1 % of rows: fax (30) …");
  const same = { filesAdded: 0, filesRemoved: 0, filesChanged: 0, rowsAdded: 0, rowsRemoved: 0 };
  expect(renderDiff(same)).toBe("No difference");
  const rows = { before: 9, after: 9 };
  expect(renderDiff({ ...same, filesChanged: 1, rows, bytes: rows })).toMatchInlineSnapshot(`
    "1 file changed, the same rows

    - 9 → 9 rows, 9 B → 9 B"
  `);
});

it.for(hostile)("%j in a name or a value is shown as it is", (text) => {
  const value = text.slice(0, 200);
  const name = text.slice(0, 1_000);
  const cruel = dataDiffSchema.parse({
    ...diff,
    key: [name],
    examples: { added: [value], removed: [value] },
    columns: {
      added: [{ column: name, type: name }],
      removed: [{ column: name, type: name }],
      retyped: [{ column: name, before: name, after: name }],
      renamed: [{ before: name, after: name }],
      reordered: false,
    },
    cells: [{ column: name, changed: 1, examples: [{ key: value, before: value, after: value }] }],
    nulls: [{ column: name, before: 2_000, after: 6_745 }],
    categories: [{ column: name, new: { values: 1, rows: 1, examples: [{ value, rows: 1 }] }, missing: none }],
    labels: {
      column: name,
      values: [
        { value, before: 100, after: 0 },
        { value: null, before: 0, after: 100 },
      ],
    },
    notes: [name],
  });
  const html = markdown.render(`${sayDataChange(data(cruel))}\n\n${renderDataChange(data(cruel))}`);
  expect(html).not.toMatch(/<(?:a|img|script|b|blockquote)\b/);
  const prose = html
    .replace(/<(code|pre)>[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, "")
    .replace(/&#?\w+;/g, " ");
  expect(prose).not.toMatch(/(?<![\w\u200b])[@#]\w/);
  const tables = html.match(/<table>[\s\S]*?<\/table>/g) ?? [];
  expect(tables).toHaveLength(4);
  for (const table of tables) {
    const rows = (table.match(/<tr>[\s\S]*?<\/tr>/g) ?? []).map((row) => (row.match(/<t[hd]/g) ?? []).length);
    expect(new Set(rows).size).toBe(1);
  }
});
