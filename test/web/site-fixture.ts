import { renderReport } from "#core/message/render-report.ts";
import { renderDriftIssue } from "#core/message/render-drift-issue.ts";
import { renderShipped } from "#core/message/render-shipped.ts";
import type { Site } from "#web/pages.ts";
import { drift, driftFacts, hex, input, mayWorsen, model, verdict } from "#test/core/message/report-fixture.ts";

const good = renderReport(
  input([model({ name: "recommender", parameters: [{ name: "l2", production: "0.1", candidate: "0.3" }] })]),
);
const refused = renderReport(
  input([
    model({
      name: "recommender",
      verdict: verdict("fail", {
        because: "nDCG@10 is 0.0438 worse than production (0.0379 to 0.0497), more than the 0.002 allowed",
        gates: [{ ...mayWorsen, kind: "fail" }],
      }),
      failures: [
        {
          model: "recommender",
          task: "recommender",
          phase: "predict",
          message: "The command ended with code 1",
          log: "reading weeks 25 to 28\nTypeError: cannot read item 300 of 300, which is a rather long line that does not wrap in a narrow window at all\n",
        },
      ],
    }),
  ]),
);

/** A small repository with a story, in the words of strangers where they may speak. */
export function site(change: Partial<Site> = {}): Site {
  return {
    title: "acme/groceries",
    lead: "A year of a recommender, from its first training to its retirement, computed on this machine.",
    facts: [
      { label: "in production", value: "v1.2.0" },
      { label: "trainings", value: "4" },
      { label: "pull requests", value: "5" },
      { label: "took", value: "48 s" },
    ],
    story: [
      {
        at: "2024-06-24T08:00:00Z",
        light: "good",
        label: "shipped",
        title: "Popularity goes to production",
        text: "`v1.0.0`, the bar that any model must clear.",
        target: { kind: "release", tag: "recommender@v1.1.0" },
      },
      {
        at: "2024-07-15T09:12:00Z",
        light: "good",
        label: "better",
        title: "Recommend by what is bought together",
        text: "nDCG@10 0.162 → 0.206, **+0.044** (+0.038 to +0.050). See #2.",
        target: { kind: "pull", number: 2 },
      },
      {
        at: "2024-07-16T10:00:00Z",
        light: "bad",
        label: "refused",
        title: "Popularity again",
        text: "The gate says no: it would worsen by 0.044.",
        target: { kind: "pull", number: 3 },
      },
      {
        at: "2024-09-02T06:00:00Z",
        light: "plain",
        label: "quiet",
        title: "Week 36: no drift",
        text: "",
        target: undefined,
      },
      {
        at: "2024-11-25T06:00:00Z",
        light: "wait",
        label: "drift",
        title: "Week 48: autumn has come",
        text: "Strawberries ×0.22, stuffing mix ×5.3.",
        target: { kind: "issue", number: 4 },
      },
    ],
    stages: [
      {
        model: "recommender",
        stage: "production",
        standing: {
          version: "v1.1.0",
          tag: "recommender@v1.1.0",
          since: "2024-07-15T09:13:00Z",
          pull: 2,
          why: "reviewed in #2",
        },
        problem: undefined,
      },
    ],
    runs: [],
    pulls: [
      {
        number: 2,
        title: "Recommend by what is bought together",
        author: "ada",
        state: "merged",
        labels: ["model"],
        reviewers: ["bob"],
        head: "co-purchase",
        headSha: `8c1f2ab${hex("0", 33)}`,
        base: "main",
        at: "2024-07-15T08:00:00Z",
        checks: [
          {
            name: "loop / train",
            conclusion: "success",
            title: "🟢 trained",
            required: true,
            target: { kind: "job", run: 5, job: 6 },
          },
        ],
        merging: { light: "good", text: "It can be merged: no conflict, and no check against it." },
        files: [
          {
            path: "src/train.js",
            before: undefined,
            status: "modified",
            additions: 1,
            deletions: 1,
            patch: "@@ -1 +1 @@\n-const blocks = 1;\n+const blocks = 3;",
          },
        ],
        body: "Counts which items are bought together.\n\n- [x] trained here\n- [ ] asked Bob",
        happenings: [
          {
            kind: "commit",
            at: "2024-07-15T08:00:00Z",
            sha: `8c1f2ab${hex("0", 33)}`,
            message: "Count co-purchases\n\nand more",
            author: "ada",
          },
          {
            kind: "check",
            at: "2024-07-15T08:01:00Z",
            name: "trainyard",
            conclusion: "in_progress",
            title: "recommender: training…",
            summary: "",
          },
          { kind: "comment", at: "2024-07-15T08:03:00Z", author: "trainyard[bot]", body: good },
          {
            kind: "check",
            at: "2024-07-15T08:03:00Z",
            name: "trainyard",
            conclusion: "success",
            title: "🟢 recommender: better than production v1.0.0",
            summary: good,
          },
          {
            kind: "review",
            at: "2024-07-15T09:00:00Z",
            author: "bob",
            says: "approved",
            sha: `8c1f2ab${hex("0", 33)}`,
            body: "As #3 should have been.",
          },
          { kind: "note", at: "2024-07-15T09:12:00Z", light: "good", text: "merged by ada" },
          {
            kind: "comment",
            at: "2024-07-15T09:13:00Z",
            author: "trainyard[bot]",
            body: renderShipped([
              {
                kind: "stands",
                model: "recommender",
                version: "v1.1.0",
                stages: ["production"],
                artifact: hex("b"),
                why: undefined,
              },
            ]),
          },
        ],
      },
      {
        number: 3,
        title: "Popularity again",
        author: "bob",
        state: "closed",
        labels: [],
        reviewers: [],
        head: "popularity-again",
        headSha: hex("9", 40),
        base: "main",
        checks: [],
        merging: undefined,
        files: [],
        at: "2024-07-16T09:00:00Z",
        body: "",
        happenings: [
          {
            kind: "check",
            at: "2024-07-16T10:00:00Z",
            name: "trainyard",
            conclusion: "failure",
            title: "🔴 recommender: refused",
            summary: "",
          },
          { kind: "comment", at: "2024-07-16T10:00:00Z", author: "trainyard[bot]", body: refused },
        ],
      },
    ],
    issues: [
      {
        number: 4,
        title: "recommender: drift since v1.1.0",
        author: "trainyard[bot]",
        state: "open",
        labels: ["drift"],
        at: "2024-11-25T06:00:00Z",
        body: renderDriftIssue(
          driftFacts([drift({ model: "recommender", version: "v1.1.0" })], {
            model: "recommender",
            retraining: { kind: "open", pull: 2, note: null },
          }),
        ).body,
        happenings: [
          { kind: "note", at: "2024-11-25T06:10:00Z", light: "plain", text: "the retraining pull request was opened" },
        ],
      },
    ],
    releases: [
      {
        tag: "recommender@v1.1.0",
        title: "recommender v1.1.0",
        at: "2024-07-15T09:13:00Z",
        commit: `8c1f2ab${hex("0", 33)}`,
        body: "recommender v1.1.0, reviewed in #2.",
        stages: ["production"],
        assets: [
          { name: "model.onnx", size: 1_080_000, sha256: hex("b"), address: undefined },
          { name: "trainyard.json", size: 812, sha256: hex("c"), address: undefined },
        ],
      },
    ],
    ...change,
  };
}
