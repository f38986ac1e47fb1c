import { expect, it } from "vitest";
import { sparkline } from "#core/message/terminal/sparkline.ts";
import { renderRun, renderRunComparison, renderRunList } from "#core/message/terminal/render-runs.ts";
import { comparison, hex, hostile, run } from "./report-fixture.ts";

const line = { run: run(), model: "churn", version: "v1.5.0", stage: "production", comparison: comparison() };
const other = run({
  key: "20240103-2",
  parameters: { max_depth: 6, criterion: "gini" },
  artifact: { ...run().artifact, sha256: hex("d") },
});

it("renderRunList() is a table for a terminal", () => {
  expect(
    renderRunList([
      line,
      { run: other, model: "leavers", version: undefined, stage: undefined, comparison: undefined },
    ]),
  ).toMatchInlineSnapshot(`
      "run         model    recipe      commit         took  metric                          version               when (UTC)
      20240102-1  churn    1111111111  8c1f2ab  6 min 12 s  ndcg@10 0.206 (0.198 to 0.215)  v1.5.0 at production  2024-01-02 03:04
      20240103-2  leavers  1111111111  8c1f2ab  6 min 12 s                                                        2024-01-02 03:04"
    `);
  expect(renderRunList([])).toContain("No runs yet");
});

it("renderRun() shows what was recorded", () => {
  expect(renderRun(line)).toMatchInlineSnapshot(`
    "run         20240102-1
    model       churn
    version     v1.5.0 at production
    recipe      1111111111111111111111111111111111111111111111111111111111111111
    artifact    sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb (1.1 MB, 1 file)
    commit      8c1f2ab000000000000000000000000000000000
    trained by  workflow run 12, attempt 1, pull request #7
    took        6 min 12 s on gpu-t4
    inputs      1 files
    when (UTC)  2024-01-02T03:04:05Z

    Parameters
      max_depth  8
      criterion  gini

    Series
      loss  █▁  2 points  last 0.400

    Measured
      metric          value                   against production
      ndcg@10 ↑       0.206 (0.198 to 0.215)  +0.044 (+0.038 to +0.050)
      lost_revenue ↓  39.9 (37.9 to 41.9)     −1.3 (−1.9 to −0.7)"
  `);
});

it("renderRunComparison() shows what differs, and numbers of one evaluation only", () => {
  expect(renderRunComparison(other, run(), comparison())).toMatchInlineSnapshot(`
    "        20240103-2  20240102-1
    run     20240103-2  20240102-1
    commit  8c1f2ab     8c1f2ab
    took    6 min 12 s  6 min 12 s
    size    1.1 MB      1.1 MB

    Inputs: 0 changed, 0 added, 0 removed

    Parameters that differ
      max_depth  6  8

    Series
      loss  20240103-2  █▁  2 points  last 0.400
            20240102-1  █▁  2 points  last 0.400

    Measured on the same 1,872 households
      metric          20240103-2              20240102-1              difference (95 % interval)
      ndcg@10 ↑       0.162 (0.154 to 0.170)  0.206 (0.198 to 0.215)  +0.044 (+0.038 to +0.050)
      lost_revenue ↓  41.2 (39.2 to 43.2)     39.9 (37.9 to 41.9)     −1.3 (−1.9 to −0.7)"
  `);
  const unpaired = comparison().metrics.map((metric) => ({ ...metric, versusProduction: null }));
  expect(renderRunComparison(other, run(), comparison({ metrics: unpaired }))).toContain(
    "Not paired: no job compared these two row by row, each was only measured on the same rows.",
  );
  expect(renderRunComparison(run(), run(), undefined)).toContain("Both are the same bytes.");
  expect(renderRunComparison(run(), run(), undefined)).toContain("not measured on one evaluation");
});

it.for(hostile)("no table for a terminal lets %j move the cursor", (text) => {
  const cruel = run({ model: text, runsOn: text, parameters: { [text]: text }, series: { [text]: [[1, 2]] } });
  const of = comparison({ unitName: text, metrics: [{ ...comparison().metrics[0]!, name: text }] });
  const told = [
    renderRunList([{ run: cruel, model: text, version: undefined, stage: undefined, comparison: of }]),
    renderRun({
      run: cruel,
      model: text,
      version: undefined,
      stage: undefined,
      comparison: comparison({ error: text }),
    }),
    renderRunComparison(cruel, run(), of),
  ];
  // oxlint-disable-next-line no-control-regex -- what must not be there
  for (const text of told) expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
});

it.for<[readonly (number | null)[], number, string]>([
  [[], 40, ""],
  [[1], 40, "▅"],
  [[3, 3, 3], 40, "▅▅▅"],
  [[0, 1, 2, 3, 4, 5, 6, 7], 40, "▁▂▃▄▅▆▇█"],
  [[7, null, 0], 40, "█ ▁"],
  [[null, null], 40, ""],
  [[1, null], 40, "▅"],
  [[0, 0, 7, 7], 2, "▁█"],
  [[-1e308, 1e308], 40, "▁█"],
  [[0, Number.NaN, 1], 40, "▁ █"],
])("sparkline(%j, %i) is %j", ([values, width, bars]) => {
  expect(sparkline(values, width)).toBe(bars);
});

it("sparkline() never has more bars than asked for", () => {
  const values = Array.from({ length: 1_000 }, (_, index) => Math.sin(index / 100));
  for (const width of [1, 7, 40, 2_000]) expect(sparkline(values, width).length).toBeLessThanOrEqual(width);
});
