import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import type { PerformanceRecord } from "#core/performance/performance-record.ts";
import { readAnswer, renderAnswer } from "#core/message/command-answers.ts";
import { readDriftMarker, renderDriftIssue } from "#core/message/render-drift-issue.ts";
import { readRetrainMarker, renderRetrainPull } from "#core/message/pull/render-retrain-pull.ts";
import { renderReleaseNotes } from "#core/message/render-release-notes.ts";
import { isShipped, renderShipped } from "#core/message/render-shipped.ts";
import { readWaitingMarker, renderWaiting, type Waiting } from "#core/message/render-waiting.ts";
import { comparison, drift, driftFacts, estimate, hex, hostile, mayWorsen, run, verdict } from "./report-fixture.ts";

const markdown = new MarkdownIt({ html: true, linkify: true });
const visible = (body: string): string => body.split("\n\n<!--")[0] ?? "";
const waiting: Waiting = {
  model: "churn",
  head: hex("9", 40),
  subject: hex("b"),
  verdict: verdict("pass", { because: "all gates hold", gates: [mayWorsen] }),
  comparison: comparison({ metrics: comparison().metrics.slice(0, 1) }),
  production: "v1.4.0",
  because: "nobody reviewed exactly this",
};

it("renderDriftIssue() says what moved, how much, what it means and what to do", () => {
  const { title, body } = renderDriftIssue(driftFacts());
  expect(title).toBe("churn: drift since v1.4.0");
  expect(visible(body)).toMatchInlineSnapshot(`
    "### 🟡 churn v1.4.0: the data has moved away from what it was trained on

    Column "item" has moved.

    **Since** 2024-01-02.

    | column | how far                           | adjusted p | what moved most                                                               |
    | ------ | --------------------------------- | ---------- | ----------------------------------------------------------------------------- |
    | \`item\` | Cramér's V 0.132 (alarm at 0.100) | < 1e-16    | \`strawberries\` ×0.22 (1.23 % → 0.27 %), \`stuffing mix\` ×5.3 (0.10 % → 0.53 %) |

    **What it means**: what arrives now is not what the model learnt from. That alone does not make its answers worse; it is reason to train again on newer data and let the comparison decide.

    **What to do**: review #12, which trains on newer data. A watch closes this issue once a version that fits is in production, or the data is as it was.

    - [ ] Snooze for a week <!-- snooze:1w -->
    - [ ] Snooze for two weeks <!-- snooze:2w -->
    - [ ] Snooze for a month <!-- snooze:30d -->

    Or say \`/snooze 10d\` or \`/snooze off\` here.

    <details><summary>No alarm: 1 column</summary>

    \`baskets\` 0.020 of 0.100

    </details>

    Compared: 61,234 rows (\`data/week-48.csv\`) now, 180,000 rows (\`data/week-13.csv\` to \`data/week-24.csv\`) that \`v1.4.0\` was trained on."
  `);
});

it("renderDriftIssue() tells a lost lead from moved data", () => {
  const lead = {
    metric: "ndcg@10",
    now: estimate(0.031, 0.006),
    atPromotion: estimate(0.055, 0.006),
    change: estimate(-0.024, 0.008),
    drifted: true,
  };
  const { body } = renderDriftIssue(driftFacts([drift({ columns: [], lead })], { retraining: { kind: "none" } }));
  expect(visible(body)).toMatchInlineSnapshot(`
    "### 🟡 churn v1.4.0: it has lost part of its lead

    Column "item" has moved.

    **Since** 2024-01-02.

    Lead over the baseline in nDCG​@​10: +0.031 (+0.025 to +0.037) now, at its promotion +0.055, a change of **−0.024** (−0.032 to −0.016).

    **What it means**: the model beats the baseline by less than when it was promoted, on rows both of them predicted. A hard month would have cost the baseline as much.

    **What to do**: add newer data in a pull request and let the comparison decide. With \`monitor: retrain:\` in the config that pull request opens by itself. A watch closes this issue once a version that fits is in production, or the data is as it was.

    - [ ] Snooze for a week <!-- snooze:1w -->
    - [ ] Snooze for two weeks <!-- snooze:2w -->
    - [ ] Snooze for a month <!-- snooze:30d -->

    Or say \`/snooze 10d\` or \`/snooze off\` here.

    Compared: 61,234 rows (\`data/week-48.csv\`) now, 180,000 rows (\`data/week-13.csv\` to \`data/week-24.csv\`) that \`v1.4.0\` was trained on."
  `);
});

const night = (at: number, change: Parameters<typeof drift>[0] = {}) =>
  drift({ at: `2024-01-0${at}T03:00:00.000Z`, ...change });

it.for([
  [[night(1), night(2, { verdict: "quiet", columns: [] })], "churn: no drift any more", "🟢"],
  [[night(1), night(2, { verdict: "not-enough-data", columns: [] })], "churn: drift since v1.4.0", "🟡"],
  [[night(1), night(2, { verdict: "error", columns: [] })], "churn: drift since v1.4.0", "🟡"],
] as const)("renderDriftIssue() after %j is called %s", ([reports, title, light]) => {
  const issue = renderDriftIssue(driftFacts(reports));
  expect(issue.title).toBe(title);
  expect(issue.body).toMatch(new RegExp(`^### ${light}`));
});

it("renderDriftIssue() keeps what had drifted when all is quiet, and raises no alarm about rows that production was judged on", () => {
  const quiet = drift({ version: "v1.5.0", verdict: "quiet", because: "nothing is newer than the holdout" });
  const { title, body } = renderDriftIssue(driftFacts([drift(), { ...quiet, at: "2024-01-03T03:04:05Z" }]));
  expect(title).toBe("churn: v1.5.0 was judged on the newest rows");
  expect(visible(body)).toMatchInlineSnapshot(`
    "### 🟢 churn: v1.5.0 was judged on these very rows, and there are no newer ones

    Nothing is newer than the holdout.

    \`\`\`mermaid
    xychart-beta
      title "Largest effect, as a share of its alarm threshold"
      x-axis ["01-02", "01-03"]
      y-axis "effect / threshold" 0 --> 1.452
      line [1.32, 1.32]
      line [1, 1]
    \`\`\`

    Nothing to do: this issue is closed, and opens again when there is drift again.

    <details><summary>Measured: 2 columns</summary>

    \`item\` 0.132 of 0.100, \`baskets\` 0.020 of 0.100

    </details>

    Compared: 61,234 rows (\`data/week-48.csv\`) now, 180,000 rows (\`data/week-13.csv\` to \`data/week-24.csv\`) that \`v1.5.0\` was trained on.

    <details><summary>What had drifted, as of 2024-01-02, with v1.4.0 in production</summary>

    Column "item" has moved.

    | column | how far                           | last weeks | adjusted p | what moved most                                                               |
    | ------ | --------------------------------- | ---------- | ---------- | ----------------------------------------------------------------------------- |
    | \`item\` | Cramér's V 0.132 (alarm at 0.100) | ██         | < 1e-16    | \`strawberries\` ×0.22 (1.23 % → 0.27 %), \`stuffing mix\` ×5.3 (0.10 % → 0.53 %) |

    </details>"
  `);
});

it("renderDriftIssue() says the same twice, and names its model and version to programs", () => {
  const { body } = renderDriftIssue(driftFacts());
  expect(renderDriftIssue(driftFacts()).body).toBe(body);
  expect(readDriftMarker(body)).toMatchObject({ model: "churn", version: "v1.4.0", state: "alarm" });
});

it("renderDriftIssue() stays within the budget", () => {
  const column = drift().columns[0]!;
  const columns = Array.from({ length: 2_000 }, (_, index) => ({
    ...column,
    column: `${index}${"x".repeat(900)}`,
    drifted: index % 2 === 0,
  }));
  expect(
    renderDriftIssue(driftFacts([drift({ columns, because: "y".repeat(4_000) })])).body.length,
  ).toBeLessThanOrEqual(58_000);
});

it("renderWaiting() gives the exact words that let it go on", () => {
  const { title, body } = renderWaiting(waiting);
  expect(title).toBe("churn waits for /promote");
  expect(visible(body)).toMatchInlineSnapshot(`
    "### 🟡 churn waits: nobody reviewed exactly this

    The default branch at \`999999999999\` asks for a model that is trained and judged, and not in production yet. Production stays v1.4.0.

    Verdict \`pass\`: all gates hold

    | 1,872 households, \`week-25.csv\` to \`week-26.csv\` | production | what waits |    difference (95 % interval) | gate                   |
    | :----------------------------------------------- | ---------: | ---------: | ----------------------------: | :--------------------- |
    | nDCG​@​10 ↑                                      |      0.162 |      0.206 | **+0.044** (+0.038 to +0.050) | 🟢 at most 0.002 worse |

    To let exactly this go on, somebody who may write comments here:

    \`\`\`
    /promote churn bbbbbbbbbbbb -- why
    \`\`\`

    To have something else instead: merge a pull request that changes it, or revert what brought it. This issue closes by itself once nothing waits."
  `);
  expect(readWaitingMarker(body)).toBe("churn");
});

it("renderRetrainPull() names the data, the reason and the issue", () => {
  const { title, body } = renderRetrainPull({
    model: "churn",
    report: drift(),
    files: [
      { path: "data/week-47.csv", size: 1_200, isNew: false },
      { path: "data/week-48.csv", size: 3_400, isNew: true },
    ],
    issue: 11,
  });
  expect(title).toBe("Train churn on newer data");
  expect(visible(body)).toMatchInlineSnapshot(`
    "Newer data for churn, brought by the command \`monitor: retrain:\` of the default branch's config.

    **Why**: v1.4.0 stands in production and has drifted. Column "item" has moved.

    | column | effect | alarm at |
    | ------ | ------ | -------- |
    | \`item\` | 0.132  | 0.100    |

    **Data**: 1 new file, 1 changed file, 4.6 kB in all. How many rows came and went is in the report on this pull request.

    - \`data/week-47.csv\` (changed, 1.2 kB)
    - \`data/week-48.csv\` (new, 3.4 kB)

    **What decides**: the comparison with production, as for anybody's pull request, on rows that neither was trained on. Where the holdout is rolling, those are the newest, the drifted ones among them.

    **How to stop it**: close this pull request, which means "not now" (\`monitor: retrain: not-now\`); \`/snooze 2w\` on #11 is quiet about the alarm as well. The robot updates this branch with each watch until somebody approves it, queues it, or commits to it.

    About #11, which a watch closes once a version that fits is in production, or the data is as it was."
  `);
  expect(readRetrainMarker(body)).toBe("churn");
});

it("renderShipped() and renderReleaseNotes() name the bytes", () => {
  const shipped = renderShipped([
    { kind: "stands", model: "churn", version: "v1.5.0", stages: ["production"], artifact: hex("b"), why: undefined },
  ]);
  expect(visible(shipped)).toMatchInlineSnapshot(`
    "🚂 **churn v1.5.0** stands at \`production\`: the bytes that were reviewed here, \`sha256:bbbbbbbbbbbbbbbb…\`, nothing trained again.

    To undo: revert this pull request."
  `);
  expect(isShipped(shipped)).toBe(true);
  expect(renderReleaseNotes("churn", "v1.5.0", run(), 7)).toContain(`sha256:${hex("b")}`);
});

describe("renderAnswer()", () => {
  it.for([
    [
      { kind: "mistake", because: 'There is no command "/promot"', suggestion: "/promote [model]" },
      '🤔 There is no command "/promot". Did you mean `/promote [model]`?',
    ],
    [
      { kind: "forbidden", who: "mallory" },
      "🚫 Only people who may write to this repository can say that; `mallory` may not. Nothing was done.",
    ],
    [{ kind: "refused", because: "this pull request is closed" }, "🚫 Not done. This pull request is closed."],
    [
      { kind: "training", head: hex("9", 40), does: "train" },
      "🚂 Training `999999999999`. A later push is not trained by this word.",
    ],
    [
      { kind: "training", head: hex("9", 40), does: "measure" },
      "🚂 No model has to be trained at `999999999999`: what is missing is measured.",
    ],
    [
      {
        kind: "promoting",
        model: "churn",
        subject: hex("5"),
        artifact: hex("b"),
        stage: "production",
        verdict: "inconclusive",
        because: "recall is not decided",
      },
      "🚂 Promoting `churn` to `production`: what waited as `555555555555`, exactly the model file with the SHA-256 `bbbbbbbbbbbbbbbb…`, whose verdict is `inconclusive` (recall is not decided).",
    ],
  ] as const)("to %j", ([answer, line]) => {
    const body = renderAnswer(77, answer, "begun");
    expect(body.split("\n")[0]).toBe(line);
    expect(readAnswer(body, 77)).toBe("begun");
    expect(readAnswer(renderAnswer(77, answer, "done"), 77)).toBe("done");
    expect(readAnswer(body, 7)).toBeUndefined();
  });
});

it.for(hostile)("no message turns %j into a link, an image, a mention or a marker", (text) => {
  const column = drift().columns[0]!;
  const moved = [{ value: text, before: 0.1, now: 0.2 }];
  const bodies = [
    renderDriftIssue(
      driftFacts([
        drift({
          because: text,
          columns: [{ ...column, column: text, moved }],
          current: { files: [text, text], rows: 1 },
          watch: { run: 1, url: text, note: text },
        }),
      ]),
    ).body,
    renderDriftIssue(
      driftFacts([drift({ verdict: "error", because: text })], {
        unwatched: { since: "2024-01-01T00:00:00Z", periods: 3, failed: true },
        snooze: { schema: "trainyard/snooze/1", model: "churn", until: drift().at, by: text, at: drift().at },
        retraining: { kind: "nothing", note: text },
      }),
    ).body,
    renderWaiting({
      ...waiting,
      verdict: verdict("inconclusive", { because: text }),
      comparison: comparison({ unitName: text, holdout: [text] }),
      because: text,
    }).body,
    renderRetrainPull({
      model: "churn",
      report: drift({ because: text }),
      files: [{ path: text, size: 1, isNew: true }],
      issue: undefined,
    }).body,
    renderReleaseNotes("churn", "v1.5.0", run({ runsOn: text }), undefined),
    renderAnswer(1, { kind: "refused", because: text }, "done"),
    renderAnswer(1, { kind: "forbidden", who: text }, "done"),
    renderAnswer(1, { kind: "mistake", because: text, suggestion: text }, "done"),
  ];
  for (const body of bodies) {
    const html = markdown.render(body);
    expect(html).not.toMatch(/<(?:a|img|script|b|blockquote)\b/);
    const prose = html
      .replace(/<(code|pre)>[\s\S]*?<\/\1>/g, "")
      .replace(/<[^>]*>/g, "")
      .replace(/&#?\w+;/g, " ");
    expect(prose.replaceAll("#12", "")).not.toMatch(/(?<![\w\u200b])[@#]\w/);
    expect(body.split("<!-- trainyard:").length - 1).toBeLessThanOrEqual(
      1 + (body.match(/`[^`\n]*<!-- trainyard:/g)?.length ?? 0) + (body.match(/\\<!-- trainyard:/g)?.length ?? 0),
    );
  }
});

it("shows how well production answered, and calls an estimate one", () => {
  const estimated = estimate(0.84, 0.04);
  const performance: PerformanceRecord = {
    predicted: 1_500,
    labelled: 900,
    waiting: 600,
    orphans: 0,
    calibration: "isotonic",
    referenceRows: 2_000,
    metrics: [
      {
        name: "auc",
        better: "higher",
        unit: null,
        measured: estimate(0.7, 0.03),
        estimated,
        atPromotion: estimate(0.836, 0.017),
        change: estimate(-0.135, 0.038),
        worse: true,
      },
    ],
    verdict: "worse",
    because: '900 of 1500 predicted rows have a label; "auc" is 0.7000',
  };
  const { body } = renderDriftIssue(driftFacts([drift({ columns: [], performance })]));
  expect(body).toContain("it answers worse than when it was promoted");
  expect(body).toContain("estimate for 600 without one");
  expect(body).toContain("🔴 **−0.14** (−0.17 to −0.10)");
  expect(body).toContain("its inputs look as they did");
  expect(body).toContain("never a reason for an alarm");
});
