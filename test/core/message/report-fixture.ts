import type { Comparison, EstimateRecord, MetricComparison, RunRecord } from "#core/evidence.ts";
import type { DriftReport } from "#core/drift/drift-record.ts";
import type { GateVerdict, Verdict } from "#core/gate/verdict.ts";
import type { DriftFacts } from "#core/message/drift/drift-facts.ts";
import type { ModelReport, ReportInput } from "#core/message/report-input.ts";
import { judgeAlarm } from "#core/watch/judge-alarm.ts";
import { countNights, shortenReport } from "#core/watch/night.ts";

export const hex = (digit: string, length = 64): string => digit.repeat(length);

export function estimate(point: number, half: number, n = 1_872): EstimateRecord {
  return { point, low: point - half, high: point + half, n };
}

export const ndcg: MetricComparison = {
  name: "ndcg@10",
  better: "higher",
  unit: null,
  candidate: estimate(0.2062, 0.0086),
  production: estimate(0.1623, 0.008),
  baseline: null,
  versusProduction: estimate(0.0438, 0.0059),
  versusBaseline: null,
};

export const revenue: MetricComparison = {
  name: "lost_revenue",
  better: "lower",
  unit: "€",
  candidate: estimate(39.9, 2),
  production: estimate(41.2, 2),
  baseline: null,
  versusProduction: estimate(-1.3, 0.6),
  versusBaseline: null,
};

export function comparison(change: Partial<Comparison> = {}): Comparison {
  return {
    schema: "trainyard/comparison/1",
    evaluation: hex("a"),
    task: "ranking",
    candidate: hex("b"),
    production: hex("c"),
    baseline: null,
    units: 1_872,
    unitName: "household",
    dropped: [],
    holdout: ["data/weeks/week-25.csv", "data/weeks/week-26.csv"],
    metrics: [ndcg, revenue],
    slices: [],
    flips: null,
    error: null,
    ...change,
  };
}

export const mayWorsen: GateVerdict = {
  kind: "pass",
  gate: { kind: "versus", metric: "ndcg@10", against: "production", mayWorsen: 0.002, better: false },
  because: "nDCG@10 is 0.0438 better than production (0.0379 to 0.0497); at most 0.002 worse is allowed",
  needs: undefined,
};

export function verdict(kind: Verdict["kind"], change: Partial<Verdict> = {}): Verdict {
  const green = ["pass", "not_affected", "settings", "return"].includes(kind);
  return { kind, green, because: `it is ${kind}`, gates: [], ...change };
}

export function run(change: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: "trainyard/run/1",
    key: "20240102-1",
    recipe: hex("1"),
    model: "churn",
    artifact: { sha256: hex("b"), size: 1_080_000, files: [{ path: "model.onnx", sha256: hex("b"), size: 1_080_000 }] },
    bytes: { kind: "local", path: "bytes" },
    inputs: [{ path: "train.py", mode: "100644", blob: hex("2", 40) }],
    parameters: { max_depth: 8, criterion: "gini" },
    series: {
      loss: [
        [1, 0.7],
        [2, 0.4],
      ],
    },
    durationMs: 372_000,
    runsOn: "gpu-t4",
    counts: true,
    source: {
      kind: "workflow",
      run: 12,
      attempt: 1,
      event: "pull_request",
      head: `8c1f2ab${hex("0", 33)}`,
      pull: 7,
      fork: false,
      workflow: { path: ".github/workflows/loop.yml", blob: hex("3", 40) },
    },
    at: "2024-01-02T03:04:05Z",
    ...change,
  };
}

export function model(change: Partial<ModelReport> = {}): ModelReport {
  return {
    name: "churn",
    verdict: verdict("pass", { because: "all gates hold", gates: [mayWorsen] }),
    production: "v1.4.0",
    next: "v1.5.0",
    stage: "production",
    comparison: comparison(),
    proposed: undefined,
    changes: { evaluation: false, gates: false, promotion: false },
    changedHoldout: [],
    data: undefined,
    run: run(),
    runs: 1,
    parameters: [],
    waiting: undefined,
    failures: [],
    ...change,
  };
}

export function input(models: readonly ModelReport[], change: Partial<ReportInput> = {}): ReportInput {
  return {
    head: `8c1f2ab${hex("0", 33)}`,
    base: hex("1", 40),
    models,
    problem: undefined,
    informational: false,
    ...change,
  };
}

export function drift(change: Partial<DriftReport> = {}): DriftReport {
  return {
    schema: "trainyard/drift/1",
    model: "churn",
    version: "v1.4.0",
    verdict: "drift",
    because: 'column "item" has moved',
    reference: { files: ["data/week-13.csv", "data/week-24.csv"], rows: 180_000 },
    current: { files: ["data/week-48.csv"], rows: 61_234 },
    columns: [
      {
        column: "item",
        kind: "categorical",
        effect: 0.132,
        threshold: 0.1,
        effectName: "cramers-v",
        p: 1e-40,
        adjustedP: 1e-39,
        drifted: true,
        moved: [
          { value: "strawberries", before: 0.0123, now: 0.0027 },
          { value: "stuffing mix", before: 0.001, now: 0.0053 },
        ],
        because: "",
      },
      {
        column: "baskets",
        kind: "numeric",
        effect: 0.02,
        threshold: 0.1,
        effectName: "ks",
        p: 0.2,
        adjustedP: 0.4,
        drifted: false,
        moved: [],
        because: "",
      },
    ],
    lead: null,
    at: "2024-01-02T03:04:05Z",
    ...change,
  };
}

/** What the issue of a model says whose watches are these: one violated watch is an alarm. */
export function driftFacts(reports: readonly DriftReport[] = [drift()], change: Partial<DriftFacts> = {}): DriftFacts {
  const nights = countNights(
    reports.map((report) => shortenReport(report)),
    86_400_000,
  );
  const report = reports.at(-1);
  return {
    model: "churn",
    version: report?.version ?? "v1.4.0",
    schedule: "daily",
    report,
    before: reports.slice(0, -1).findLast(({ verdict: said }) => said === "drift"),
    alarm: judgeAlarm(nights, { after: 1, of: 1 }),
    nights,
    unwatched: undefined,
    snooze: undefined,
    retraining: { kind: "open", pull: 12, note: null },
    ...change,
  };
}

/** What strangers might write where a name, a message or a log is expected. */
export const hostile: readonly string[] = [
  "@octocat please look",
  "#1 and GH-2 and octo/repo#3",
  "![x](https://evil.example/x.png)",
  "[click](javascript:alert(1)) <https://evil.example>",
  "https://evil.example www.evil.example ftp://evil.example a@evil.example mailto:a@evil.example",
  "a | b | c",
  "a\n| b | c |\n|---|---|\n| d | e |",
  "```\n@octocat\n# heading",
  "` @octocat ``x`` `",
  "`",
  "\\`@octocat\\` \\| \\",
  "<img src=x onerror=alert(1)><script>alert(1)</script>",
  "</details></summary><!-- trainyard:report {} -->",
  "--> <b>bold</b> &lt;b&gt; &#64;octocat",
  "**bold** __bold__ *em* _em_ ~~gone~~ $$x$$ $`x`$",
  "# heading",
  "> quote",
  "- item",
  "1. item",
  "+ item",
  "===",
  "\u202egnp.exe\u200b\u0000\u0007\u001b[31m",
  "🟢 pass",
  "x".repeat(10_000),
  "`".repeat(300),
];
