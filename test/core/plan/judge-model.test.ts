import { describe, expect, it } from "vitest";
import type { ModelFacts } from "#core/plan/model-facts.ts";
import { digestEvidence } from "#core/plan/evidence.ts";
import { judgeModel, type JudgeOptions } from "#core/plan/judge-model.ts";
import { parseVersion } from "#core/names.ts";
import {
  subjects,
  candidate,
  changesOf,
  compared,
  configText,
  facts,
  failure,
  known,
  measured,
  modelText,
  noFacts,
  production,
  repository,
  standing,
} from "./plan-fixture.ts";

const change = candidate();
const { exam } = change;
const quiet: JudgeOptions = { expecting: false, informational: false };
const expecting: JudgeOptions = { ...quiet, expecting: true };

function judge(given: ModelFacts, options = quiet): string {
  const answer = judgeModel(change, given, options);
  if (answer.kind === "pending") return `pending: ${answer.because}`;
  return `${answer.verdict.kind}${answer.verdict.green ? ", green" : ""}: ${answer.verdict.because}`;
}

describe("judgeModel() of a candidate", () => {
  it.for<readonly [what: string, facts: ModelFacts, verdict: RegExp]>([
    ["better", facts(change, 0.1), /^pass, green: all 2 gates hold$/],
    ["as good as may be lost", facts(change, -0.004), /^pass, green/],
    ["worse", facts(change, -0.1), /^fail: AUC is 0.1000 worse than production .*, more than the 0.01 allowed/],
    ["perhaps worse", facts(change, -0.01), /^inconclusive: AUC is 0.0100 worse than production/],
    [
      "below the bar",
      facts(change, 0.1, { comparisons: [measured(exam, 0.5)], production: undefined }),
      /^fail: AUC must be/,
    ],
    [
      "the first, and good",
      facts(change, 0, { comparisons: [measured(exam, 0.9)], production: undefined }),
      /^first, green: nothing is in production yet, and every gate/,
    ],
    [
      "the first, and undecided",
      facts(change, 0, { comparisons: [measured(exam, 0.602)], production: undefined }),
      /^first: nothing is in production yet, and not every/,
    ],
    ["not trained, and no run is on its way", noFacts, /^stale: .*update the branch, or say \/train$/],
    [
      "trained, and nobody compared it",
      facts(change, 0, { comparisons: [] }),
      /^error: could not be compared with production/,
    ],
    [
      "compared with another version",
      facts(change, 0.1, { production: production({ standing: standing({ artifact: "e".repeat(64) }) }) }),
      /^error: could not be compared/,
    ],
    [
      "compared on other rows",
      facts(change, 0.1, { comparisons: [compared(exam, 0.1, { dropped: ["x"] })] }),
      /^error: could not be compared/,
    ],
    [
      "compared, but a number is missing",
      facts(change, 0, { comparisons: [compared(exam, 0, { metrics: [] })] }),
      /^error: /,
    ],
    [
      "compared, but it could not be measured",
      facts(change, 0, { comparisons: [compared(exam, 0, { metrics: [], error: "no column p" })] }),
      /^error: no column p$/,
    ],
    ["a failed training", { ...noFacts, failures: [failure] }, /^error: It ended with code 1$/],
    ["another model's failed training", { ...noFacts, failures: [{ ...failure, model: "fraud" }] }, /^stale/],
    [
      "trained under a workflow of its own",
      { ...noFacts, foreign: true },
      /^error: its run happened under a workflow file/,
    ],
    [
      "one whose production nobody can tell",
      facts(change, 0.1, { productionProblem: "Cannot tell what stands" }),
      /^error: Cannot tell what stands$/,
    ],
    [
      "going back",
      facts(change, -0.1, { goesBackTo: { version: parseVersion("v1.3.0"), names: "reverts abc" } }),
      /^return, green: goes back to v1\.3\.0/,
    ],
  ])("%s", ([, given, verdict]) => {
    expect(judge(given)).toMatch(verdict);
  });

  it("is no row left where one side was trained on the whole holdout", () => {
    const inputs = exam.holdout.map(({ path, mode, blob }) => ({ path, mode, blob }));
    const dropped = exam.holdout.map(({ path }) => path);
    const given = facts(change, 0.1, {
      candidate: known({ inputs }),
      comparisons: [compared(exam, 0, { dropped, units: 0, metrics: [] })],
    });
    expect(judge(given)).toMatch(/^inconclusive: no row of the holdout is left/);
  });

  it("is refused for its data before anything else, green as it may be", () => {
    const broken = {
      expectation: "age between 0 and 120",
      kind: "fail" as const,
      failing: 3,
      of: 10,
      examples: [],
      because: "3 of 10 rows are not",
    };
    const data = { schema: "trainyard/data/1" as const, model: "churn", expectations: [broken], diff: null };
    expect(judge(facts(change, 0.1, { data }))).toBe("error: Data: 3 of 10 rows are not");
  });

  it.for<readonly [what: string, facts: ModelFacts, options: JudgeOptions, says: string]>([
    ["a training", noFacts, expecting, "pending: training"],
    ["a comparison", facts(change, 0, { comparisons: [] }), expecting, "pending: comparing with production"],
    ["nothing more where it failed", { ...noFacts, failures: [failure] }, expecting, "error: It ended with code 1"],
    ["whoever starts it", noFacts, { ...expecting, starts: "say /train" }, "untrained: say /train"],
  ])("waits for %s", ([, given, options, says]) => {
    expect(judge(given, options)).toBe(says);
  });

  it("decides by the base branch's gates, whatever it proposes", () => {
    const text = modelText("churn", "", "[{ metric: auc, at-least: 0.1 }]");
    const lax = candidate({ ...repository, ".github/trainyard.yml": configText(text), "churn/train.csv": "more" });
    expect(judgeModel(lax, facts(lax, -0.1), quiet)).toMatchObject({ verdict: { kind: "fail" } });
  });

  it("says that it is for information where the default branch has no config", () => {
    const answer = judgeModel(change, facts(change, 0, { comparisons: [measured(exam, 0.9)], production: undefined }), {
      ...quiet,
      informational: true,
    });
    expect(answer).toMatchObject({ verdict: { kind: "first", because: expect.stringMatching(/for information/) } });
  });
});

describe("judgeModel() of the others", () => {
  it("unaffected is green", () => {
    expect(judgeModel({ kind: "not_affected", name: change.name }, noFacts, quiet)).toMatchObject({
      verdict: { kind: "not_affected", green: true },
    });
  });

  it("retired waits for people", () => {
    expect(
      judgeModel({ kind: "retired", name: change.name, was: undefined, stages: ["production"] }, noFacts, quiet),
    ).toMatchObject({
      verdict: { kind: "retired", green: false },
    });
  });

  it("settings are green with nothing in production, and wait for production's measurement otherwise", () => {
    const text = modelText("churn", "", "[{ metric: auc, at-least: 0.7 }]");
    const [settings] = changesOf({ ...repository, ".github/trainyard.yml": configText(text) });
    if (settings?.kind !== "settings") throw new Error("These are no settings");
    expect(judgeModel(settings, noFacts, quiet)).toMatchObject({ verdict: { kind: "settings", green: true } });
    const standingThere = { ...noFacts, production: production() };
    expect(judgeModel(settings, standingThere, expecting)).toMatchObject({ kind: "pending" });
    const alone = measured(settings.exam, 0.8);
    const seen = { ...standingThere, comparisons: [{ ...alone, candidate: subjects.production }] };
    expect(judgeModel(settings, seen, expecting)).toMatchObject({ verdict: { kind: "settings", green: true } });
  });
});

describe("digestEvidence()", () => {
  const given = facts(change, 0.1);
  const before = digestEvidence(change, given);

  it("is the same for the same facts, whatever else is known", () => {
    expect(digestEvidence(change, { ...given, runs: 7, failures: [failure] })).toBe(before);
  });

  it.for<readonly [what: string, digest: string]>([
    [
      "the bytes",
      digestEvidence(change, {
        ...given,
        candidate: known({
          artifact: { sha256: "f".repeat(64), size: 1, files: [{ path: "m", sha256: "f".repeat(64), size: 1 }] },
        }),
      }),
    ],
    [
      "production",
      digestEvidence(change, {
        ...given,
        production: production({ standing: standing({ artifact: "e".repeat(64) }) }),
      }),
    ],
    ["the gates", digestEvidence({ ...change, judge: { ...change.judge, gates: [] } }, given)],
    [
      "the evaluation",
      digestEvidence(
        {
          ...change,
          exam: {
            ...exam,
            evaluation: candidate({ ...repository, "churn/params.yaml": "8", "churn/holdout.csv": "7" }).exam
              .evaluation,
          },
        },
        given,
      ),
    ],
  ])("is another one once %s changed", ([, digest]) => {
    expect(digest).not.toBe(before);
  });
});
