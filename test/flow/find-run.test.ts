import { expect, it } from "vitest";
import type { MetricComparison } from "#core/evidence.ts";
import { subjectOfRun } from "#core/identity/subject.ts";
import { findRun } from "#flow/runs/find-run.ts";
import { pairRuns } from "#flow/runs/pair-runs.ts";
import type { RecordedRun } from "#flow/runs/read-runs.ts";
import { comparison, hex, revenue, run } from "#test/core/message/report-fixture.ts";

function recorded(
  key: string,
  change: Partial<RecordedRun> & { recipe?: string; artifact?: string; model?: string } = {},
): RecordedRun {
  const { recipe = hex("1"), artifact = hex("b"), model = "churn", ...more } = change;
  return {
    run: run({ key, recipe, model, artifact: { ...run().artifact, sha256: artifact } }),
    model,
    names: [model],
    version: undefined,
    stage: undefined,
    registered: false,
    comparison: undefined,
    comparisons: [],
    ...more,
  };
}

const runs = [
  recorded("local-2", { recipe: `2${hex("a", 63)}`, artifact: hex("c"), version: "v1.1.0" }),
  recorded("7-1", { recipe: `2${hex("a", 63)}`, artifact: hex("c"), version: "v1.1.0", registered: true }),
  recorded("6-2"),
  recorded("6-1"),
  recorded("5-1", {
    recipe: `1${hex("2", 63)}`,
    artifact: hex("d"),
    model: "other",
    version: "v1.0.0",
    registered: true,
  }),
  recorded("4-1", { recipe: `3${hex("2", 63)}`, artifact: hex("e"), version: "v1.0.0", registered: true }),
];

it.for<[name: string, key: string]>([
  ["7-1", "7-1"],
  ["v1.1.0", "7-1"],
  ["churn@v1.1.0", "7-1"],
  ["churn@v1.0.0", "4-1"],
  ["other@v1.0.0", "5-1"],
  ["1111", "6-2"],
  ["2aaaaaaa", "7-1"],
  ["bbbb", "6-2"],
  ["BBBB", "6-2"],
  [`sha256:${hex("d")}`, "5-1"],
])("findRun() takes %s for %s", ([name, key]) => {
  const found = findRun(runs, name);
  expect(found.kind === "run" ? found.run.run.key : found).toBe(key);
});

it.for<[name: string, says: string]>([
  [
    "v1.0.0",
    '"v1.0.0" means more than one run: 5-1 (other v1.0.0, recipe 1222222222); 4-1 (churn v1.0.0, recipe 3222222222). Say more of it',
  ],
  [
    "8c1f",
    '"8c1f" means more than one run: 7-1 (churn v1.1.0, recipe 2aaaaaaaaa); 5-1 (other v1.0.0, recipe 1222222222); 4-1 (churn v1.0.0, recipe 3222222222); local-2 (churn v1.1.0, recipe 2aaaaaaaaa); 6-2 (churn, recipe 1111111111); 6-1 (churn, recipe 1111111111). Say more of it',
  ],
  [
    "111",
    'There is no run "111": name a version, a key, or 4 digits and more of a recipe, an artifact or a commit; the newest is local-2 (churn v1.1.0, recipe 2aaaaaaaaa)',
  ],
])("findRun() says of %s what it may be", ([name, says]) => {
  const found = findRun(runs, name);
  expect(found.kind === "run" ? found.run.run.key : found.because).toBe(says);
});

it("findRun() says where there is none at all", () => {
  expect(findRun([], "v1.0.0")).toMatchObject({
    kind: "none",
    because: expect.stringContaining("there is none at all yet"),
  });
});

const [a, b] = [recorded("a", { artifact: hex("c") }), recorded("b", { artifact: hex("b") })];
const [subjectOfA, subjectOfB] = [subjectOfRun(a.run), subjectOfRun(b.run)];
const direct = comparison({ candidate: subjectOfB, production: subjectOfA });

it("pairRuns() takes the comparison of the second with the first", () => {
  expect(pairRuns(a, { ...b, comparisons: [direct] })).toEqual(direct);
});

it("pairRuns() turns the comparison of the first with the second round", () => {
  const paired = pairRuns({ ...b, comparisons: [direct] }, a);
  expect(paired).toMatchObject({ candidate: subjectOfA, production: subjectOfB });
  const metric: MetricComparison | undefined = paired?.metrics.find(({ name }) => name === "lost_revenue");
  expect(metric).toEqual({
    ...revenue,
    candidate: revenue.production,
    production: revenue.candidate,
    versusProduction: { point: 1.3, low: expect.closeTo(0.7, 9), high: expect.closeTo(1.9, 9), n: 1_872 },
  });
});

it("pairRuns() sets both beside one another where they sat one evaluation, without a difference", () => {
  const alone = comparison({ candidate: hex("c"), production: null });
  const other = comparison({ candidate: hex("b"), production: hex("e") });
  const paired = pairRuns({ ...a, comparisons: [alone] }, { ...b, comparisons: [other] });
  expect(paired?.metrics.map(({ versusProduction }) => versusProduction)).toEqual([null, null]);
  expect(paired).toMatchObject({ candidate: hex("b"), production: hex("c") });
});

it.for<[string, Parameters<typeof comparison>[0]]>([
  ["another evaluation", { evaluation: hex("f") }],
  ["other rows", { units: 12 }],
  ["left out files", { dropped: ["week-1.csv"] }],
  ["nothing measured", { error: "no" }],
])("pairRuns() compares nothing across %s", ([, change]) => {
  const alone = comparison({ candidate: hex("c"), production: null });
  const other = comparison({ candidate: hex("b"), production: hex("e"), ...change });
  expect(pairRuns({ ...a, comparisons: [alone] }, { ...b, comparisons: [other] })).toBeUndefined();
});
