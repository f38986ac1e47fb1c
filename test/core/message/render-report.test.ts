import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { readMarker } from "#core/message/marker.ts";
import { isReport, renderReport, renderUnaffected } from "#core/message/render-report.ts";
import { renderCheck } from "#core/message/render-check.ts";
import { comparison, estimate, hex, hostile, input, mayWorsen, model, ndcg, run, verdict } from "./report-fixture.ts";

const markdown = new MarkdownIt({ html: true, linkify: true });
const visible = (body: string): string => body.split("\n\n<!--")[0] ?? "";
const firstLine = (body: string): string => body.split("\n")[0] ?? "";

it("renderReport() tells a reviewer everything about one model that passes", () => {
  const told = model({
    parameters: [{ name: "max_depth", production: "6", candidate: "8" }],
    comparison: comparison({ flips: { newlyRight: 212, newlyWrong: 148 } }),
  });
  expect(visible(renderReport(input([told])))).toMatchInlineSnapshot(`
    "### 🟢 churn: better than production v1.4.0. Merging ships it as v1.5.0 to \`production\`

    | 1,872 households, \`week-25.csv\` to \`week-26.csv\` | production | this pull request |    difference (95 % interval) | gate                   |
    | :----------------------------------------------- | ---------: | ----------------: | ----------------------------: | :--------------------- |
    | nDCG​@​10 ↑                                      |      0.162 |             0.206 | **+0.044** (+0.038 to +0.050) | 🟢 at most 0.002 worse |
    | \`lost_revenue\` ↓                                 |     41.2 € |            39.9 € |     **−1.3 €** (−1.9 to −0.7) |                        |

    212 newly right, 148 newly wrong · Parameters: \`max_depth\` \`6\` → \`8\`

    Trained on \`8c1f2ab\` in 6 min 12 s on \`gpu-t4\`

    <sub>For head \`8c1f2ab\` · \`/train --again\` · \`/help\`</sub>"
  `);
});

it("renderReport() shows why a training failed", () => {
  const failed = model({
    verdict: verdict("error", { because: 'The command "python train.py" ended with code 1' }),
    comparison: undefined,
    run: undefined,
    failures: [
      {
        model: "churn",
        task: "churn-train",
        phase: "train",
        message: 'The command "python train.py" ended with code 1',
        log: 'loading\nValueError: no column "age"\n',
      },
    ],
  });
  expect(visible(renderReport(input([failed])))).toMatchInlineSnapshot(`
    "### 🔴 churn: could not be judged: The command "python train.py" ended with code 1

    **Failed while training** (\`churn-train\`): The command "python train.py" ended with code 1

    \`\`\`
    loading
    ValueError: no column "age"
    \`\`\`

    <sub>For head \`8c1f2ab\` · \`/train --again\` · \`/help\`</sub>"
  `);
});

it("renderReport() puts the worst of several models first and folds what they stand on", () => {
  const models = [
    model({ name: "good", run: undefined }),
    model({ name: "bad", verdict: verdict("fail", { because: "ndcg@10 is worse" }), run: undefined }),
    model({ name: "untouched", verdict: verdict("not_affected") }),
  ];
  expect(visible(renderReport(input(models)))).toMatchInlineSnapshot(`
    "### 🔴 bad, the worst of 2 models: refused: ndcg​@​10 is worse

    | model | verdict | production |
    | - | - | - |
    | bad | 🔴 refused: ndcg​@​10 is worse | v1.4.0 |
    | good | 🟢 better than production v1.4.0. Merging ships it as v1.5.0 to \`production\` | v1.4.0 |

    <details><summary>🔴 bad</summary>

    | 1,872 households, \`week-25.csv\` to \`week-26.csv\` | production | this pull request |    difference (95 % interval) |
    | :----------------------------------------------- | ---------: | ----------------: | ----------------------------: |
    | nDCG​@​10 ↑                                      |      0.162 |             0.206 | **+0.044** (+0.038 to +0.050) |
    | \`lost_revenue\` ↓                                 |     41.2 € |            39.9 € |     **−1.3 €** (−1.9 to −0.7) |

    </details>

    <details><summary>🟢 good</summary>

    | 1,872 households, \`week-25.csv\` to \`week-26.csv\` | production | this pull request |    difference (95 % interval) | gate                   |
    | :----------------------------------------------- | ---------: | ----------------: | ----------------------------: | :--------------------- |
    | nDCG​@​10 ↑                                      |      0.162 |             0.206 | **+0.044** (+0.038 to +0.050) | 🟢 at most 0.002 worse |
    | \`lost_revenue\` ↓                                 |     41.2 € |            39.9 € |     **−1.3 €** (−1.9 to −0.7) |                        |

    </details>

    <sub>For head \`8c1f2ab\` · \`/train --again\` · \`/help\`</sub>"
  `);
});

it("renderReport() says first what else changes and ships", () => {
  const told = model({
    changes: { evaluation: true, gates: true, promotion: false },
    changedHoldout: ["holdout.csv"],
    waiting: "churn@v1.5.0 of #12 waits for /promote",
    proposed: comparison({ metrics: [ndcg] }),
    comparison: comparison({ dropped: ["data/weeks/week-25.csv"] }),
    runs: 3,
  });
  expect(visible(renderReport(input([told])))).toMatchInlineSnapshot(`
    "### 🟢 churn: better than production v1.4.0. Merging ships it as v1.5.0 to \`production\`. Note: merging ships something else besides, see below; it changes the evaluation and the gates; it changes 1 holdout file

    - ⚠️ Merging ships something else besides: churn​@​v1.5.0 of #​12 waits for /promote
    - ⚠️ Holdout files are changed, not added: \`holdout.csv\`
    - Left out for both sides, as one of them was trained on it: \`data/weeks/week-25.csv\`
    - This recipe was trained 3 times; the newest run counts

    | 1,872 households, \`week-25.csv\` to \`week-26.csv\` | production | this pull request |    difference (95 % interval) | gate                   |
    | :----------------------------------------------- | ---------: | ----------------: | ----------------------------: | :--------------------- |
    | nDCG​@​10 ↑                                      |      0.162 |             0.206 | **+0.044** (+0.038 to +0.050) | 🟢 at most 0.002 worse |
    | \`lost_revenue\` ↓                                 |     41.2 € |            39.9 € |     **−1.3 €** (−1.9 to −0.7) |                        |

    **Under the evaluation that this pull request proposes** (it decides only once it is merged):

    | 1,872 households, \`week-25.csv\` to \`week-26.csv\` | production | this pull request |    difference (95 % interval) |
    | :----------------------------------------------- | ---------: | ----------------: | ----------------------------: |
    | nDCG​@​10 ↑                                      |      0.162 |             0.206 | **+0.044** (+0.038 to +0.050) |

    Trained on \`8c1f2ab\` in 6 min 12 s on \`gpu-t4\`

    <sub>For head \`8c1f2ab\` · \`/train --again\` · \`/help\`</sub>"
  `);
});

const better = { versusProduction: estimate(0.01, 0.005) };
const worse = { versusProduction: estimate(-0.01, 0.005) };
const level = { versusProduction: estimate(0.001, 0.005) };
const metrics = (...changes: object[]) =>
  comparison({ metrics: changes.map((change, index) => ({ ...ndcg, name: `m${index}`, ...change })) });

describe("the first line", () => {
  it.for([
    [
      "better",
      model({ comparison: metrics(better, level) }),
      "🟢 churn: better than production v1.4.0. Merging ships it as v1.5.0 to `production`",
    ],
    [
      "level",
      model({ comparison: metrics(level) }),
      "🟢 churn: no measurable difference to production v1.4.0, and every gate holds. Merging ships it as v1.5.0 to `production`",
    ],
    [
      "worse within the gates",
      model({ comparison: metrics(worse) }),
      "🟢 churn: worse than production v1.4.0, by less than the gates allow. Merging ships it as v1.5.0 to `production`",
    ],
    [
      "mixed",
      model({ comparison: metrics(better, worse) }),
      "🟢 churn: better than production v1.4.0 in `m0`, worse in `m1`, and every gate holds. Merging ships it as v1.5.0 to `production`",
    ],
    [
      "lower is better",
      model({ comparison: metrics({ ...worse, better: "lower" }) }),
      "🟢 churn: better than production v1.4.0. Merging ships it as v1.5.0 to `production`",
    ],
    [
      "first, green",
      model({ verdict: verdict("first", { green: true }), production: undefined }),
      "🟢 churn: the first model, and every gate for it holds. Merging ships it as v1.5.0 to `production`",
    ],
    [
      "first, waiting",
      model({ verdict: verdict("first", { because: "no gate says what it must reach" }), production: undefined }),
      "🟡 churn: a first model: no gate says what it must reach. To take it as it is: `/accept churn`. Merged without that word, nothing ships until somebody says `/promote`",
    ],
    [
      "inconclusive",
      model({ verdict: verdict("inconclusive", { because: "recall needs about 9,400 rows, it has 412" }) }),
      "🟡 churn: not decided: recall needs about 9,400 rows, it has 412. Add data, or take it as it is: `/accept churn`. Merged without that word, nothing ships until somebody says `/promote`",
    ],
    [
      "fail",
      model({ verdict: verdict("fail", { because: "AUC must be at least 0.9: it is 0.85 (0.84 to 0.86)" }) }),
      "🔴 churn: refused: AUC must be at least 0.9: it is 0.85 (0.84 to 0.86)",
    ],
    [
      "return",
      model({ verdict: verdict("return", { because: "goes back to v1.3.0" }) }),
      "🟢 churn: goes back to v1.3.0. Merging brings it back to `production`, with no training",
    ],
    [
      "stale",
      model({ verdict: verdict("stale", { because: "update the branch" }) }),
      "🟡 churn: out of date: update the branch",
    ],
    [
      "retired",
      model({ verdict: verdict("retired", { because: '"churn" vanishes from the config' }) }),
      '🟡 churn: "churn" vanishes from the config. To take it as it is: `/accept churn`. Merged without that word, its stages stay until somebody says `/promote`',
    ],
    ["pending", model({ verdict: { kind: "pending", because: "training" } }), "⏳ churn: training…"],
  ] as const)("of %s", ([, told, line]) => {
    expect(firstLine(renderReport(input([told])))).toBe(`### ${line}`);
  });

  it.for([
    [{ kind: "conflict", because: "it conflicts in train.py" }, "### 🔴 Cannot be merged: it conflicts in train.py"],
    [{ kind: "stale", because: "update the branch" }, "### 🟡 Out of date: update the branch"],
    [{ kind: "elsewhere", because: 'it merges into "dev"' }, '### ⚪ Not judged: it merges into "dev"'],
    [
      {
        kind: "config",
        problems: [
          {
            path: "models.churn.gates[0]",
            line: 9,
            column: 3,
            message: 'there is no metric "acu": did you mean "auc"?',
          },
        ],
      },
      "### 🔴 The config cannot be read: 1 mistake in `.github/trainyard.yml`",
    ],
  ] as const)("of a pull request with %j", ([problem, line]) => {
    expect(firstLine(renderReport(input([], { problem })))).toBe(line);
  });

  it("is never green while any model is not", () => {
    for (const kind of ["first", "inconclusive", "retired", "untrained", "stale", "fail", "error"] as const) {
      const body = renderReport(input([model({ name: "good" }), model({ name: "other", verdict: verdict(kind) })]));
      expect(firstLine(body), kind).not.toContain("🟢");
      expect(
        renderCheck(input([model({ name: "good" }), model({ name: "other", verdict: verdict(kind) })])).title,
      ).not.toContain("🟢");
    }
    expect(firstLine(renderReport(input([model({ name: "one" }), model({ name: "two" })])))).toBe(
      "### 🟢 all 2 models may be merged",
    );
  });
});

describe("the length of a report", () => {
  const logs = new Map<number, string>();
  const log = (length: number): string => {
    const known = logs.get(length) ?? "line of a log\n".repeat(Math.ceil(length / 14)).slice(0, length);
    logs.set(length, known);
    return known;
  };
  const failing = (name: string, length: number) =>
    model({
      name,
      verdict: verdict("error", { because: log(length) }),
      failures: Array.from({ length: length === 0 ? 0 : 3 }, () => ({
        model: name,
        task: "t",
        phase: "train" as const,
        message: log(length),
        log: log(length),
      })),
      waiting: length === 0 ? undefined : log(length),
      changedHoldout: Array.from({ length: length / 1_000 }, (_, index) => `${log(50)}${index}`),
      comparison: comparison({
        metrics: Array.from({ length: Math.min(100, length / 100) }, (_, index) => ({
          ...ndcg,
          name: `${index}${log(900)}`,
        })),
        slices: Array.from({ length: Math.min(2_000, length / 100) }, (_, index) => ({
          slice: `s${index}`,
          n: 10,
          metrics: [ndcg],
        })),
      }),
    });

  it.for([0, 100, 58_000, 1_000_000])("stays within the budget for texts of %d characters", (length) => {
    for (const count of [1, 3, 200]) {
      const body = renderReport(input(Array.from({ length: count }, (_, index) => failing(`m${index}`, length))));
      expect(body.length).toBeLessThanOrEqual(58_000);
      expect(isReport(body)).toBe(true);
      expect(firstLine(body)).toMatch(/^### 🔴 m\d+/);
      const html = markdown.render(body);
      expect(html.split("<details>").length, `folds of ${count} models`).toBe(html.split("</details>").length);
      expect(html).toContain("For head");
      const check = renderCheck(input(Array.from({ length: count }, (_, index) => failing(`m${index}`, length))));
      expect(check.summary.length).toBeLessThanOrEqual(58_000);
      expect(check.title.length).toBeLessThanOrEqual(255);
    }
  });

  it("says what was shortened and where the rest is", () => {
    const models = Array.from({ length: 20 }, (_, index) => failing(`m${index}`, 58_000));
    expect(renderReport(input(models))).toMatch(
      /Shortened to fit into a comment: .* The rest is in the logs of the workflow run/,
    );
    expect(renderReport(input([model()]))).not.toContain("Shortened");
  });

  it("lists 100 config mistakes of any length", () => {
    const problems = Array.from({ length: 1_000 }, (_, line) => ({
      path: "x".repeat(5_000),
      line,
      column: 1,
      message: "y".repeat(5_000),
    }));
    const body = renderReport(input([], { problem: { kind: "config", problems } }));
    expect(body.length).toBeLessThanOrEqual(58_000);
    expect(body).toContain("and 9");
  });
});

describe("hostile words in a report", () => {
  const cruel = (text: string) =>
    model({
      verdict: verdict("inconclusive", {
        because: text,
        gates: [
          { ...mayWorsen, kind: "error", because: text, gate: { kind: "at-least", metric: text, bar: 1 } },
          { ...mayWorsen, kind: "fail", because: text },
        ],
      }),
      production: text,
      next: text,
      stage: text,
      comparison: comparison({
        unitName: text,
        holdout: [text, text],
        dropped: [text],
        metrics: [{ ...ndcg, name: text, unit: text }],
        slices: [{ slice: text, n: 1, metrics: [{ ...ndcg, name: text }] }],
      }),
      proposed: comparison({ error: text }),
      changedHoldout: [text],
      waiting: text,
      parameters: [{ name: text, production: text, candidate: text }],
      run: run({ runsOn: text }),
      data: {
        schema: "trainyard/data/1",
        model: text,
        expectations: [{ expectation: text, kind: "fail", failing: 1, of: 2, examples: [text], because: text }],
        diff: null,
      },
      failures: [{ model: "churn", task: text, phase: "train", message: text, log: text }],
    });

  it.for(hostile)("%j makes no link, image, mention, cell or marker", (text) => {
    const body = renderReport(input([cruel(text), model({ name: "other" })]));
    const html = markdown.render(body);
    expect(html).not.toMatch(/<(?:a|img|script|b|blockquote)\b/);
    expect(html.split("<details>").length).toBe(html.split("</details>").length);
    const prose = html
      .replace(/<(code|pre)>[\s\S]*?<\/\1>/g, "")
      .replace(/<[^>]*>/g, "")
      .replace(/&#?\w+;/g, " ");
    expect(prose).not.toMatch(/(?<![\w\u200b])[@#]\w/);
    for (const table of html.match(/<table>[\s\S]*?<\/table>/g) ?? []) {
      const rows = (table.match(/<tr>[\s\S]*?<\/tr>/g) ?? []).map((row) => (row.match(/<t[hd]/g) ?? []).length);
      expect(new Set(rows).size).toBe(1);
    }
    expect(readMarker(body)?.data).toEqual({ head: `8c1f2ab${hex("0", 33)}` });
  });
});

it("renderUnaffected() keeps the marker of the report it replaces", () => {
  const body = renderUnaffected(renderReport(input([model()])));
  expect(isReport(body)).toBe(true);
  expect(readMarker(body)?.data["head"]).toBe(`8c1f2ab${hex("0", 33)}`);
  expect(renderUnaffected(body)).toBe(body);
});

it("isReport() believes the last line alone", () => {
  expect(isReport("<!-- trainyard:report {} -->\n\nsomething else")).toBe(false);
  expect(isReport("```\n<!-- trainyard:report {} -->\n```")).toBe(false);
});

it("renderCheck() has the first line as plain text", () => {
  const told = model({ verdict: verdict("fail", { because: 'metric "lost_revenue_" is *worse* by 5 | 6 $ & <b>' }) });
  expect(renderCheck(input([told])).title).toBe(
    '🔴 churn: refused: metric "lost_revenue_" is *worse* by 5 | 6 $ & <b>',
  );
});
