import { describe, expect, it } from "vitest";
import type { ModelChange } from "#core/plan/changes.ts";
import type { ModelFacts } from "#core/plan/model-facts.ts";
import { droppedFiles, planModel } from "#core/plan/plan-model.ts";
import {
  subjects,
  candidate,
  changesOf,
  compared,
  configText,
  entry,
  facts,
  known,
  modelText,
  noFacts,
  predictions,
  production,
  repository,
} from "./plan-fixture.ts";

const change = candidate();
const { exam } = change;
const baseline = { digest: "d".repeat(64), run: "python popular.py", code: [], setup: undefined };

function tasks(of: ModelChange, known_: ModelFacts, train = true): readonly string[] {
  return planModel(of, known_, { train }).tasks.map(({ role, train: trains, sittings }) => {
    return `${trains === null ? "" : "train "}${role}, ${sittings.length} to answer`;
  });
}

describe("planModel() of a candidate", () => {
  it("keeps folders where the candidate's code runs anyway, and nowhere else; all run in their own images", () => {
    const image = (digit: string): string => `ghcr.io/acme/train@sha256:${digit.repeat(64)}`;
    const setup = { run: "uv sync", container: image("1"), cache: ["~/.cache/uv"] };
    const own = { ...change.merged, model: { ...change.merged.model, setup } };
    const judge = { ...change.judge, setup: { ...setup, container: image("2") } };
    const all = { ...noFacts, production: { ...production(), container: image("3") }, baseline };
    const planned = planModel({ ...change, judge, merged: own }, all, { train: true }).tasks;
    expect(planned.map(({ role, cache, container }) => [role, cache, container])).toEqual([
      ["candidate", ["~/.cache/uv"], image("1")],
      ["production", undefined, image("3")],
      ["baseline", undefined, image("2")],
    ]);
  });

  it("carries checkpoints away as the merged tree's config says", () => {
    const checkpoint = { path: "out/ckpt", everyMs: 900_000 };
    const { model } = change.merged;
    const own = { ...change.merged, model: { ...model, train: { ...model.train, checkpoint } } };
    const [task] = planModel({ ...change, merged: own }, noFacts, { train: true }).tasks;
    expect(task?.train?.checkpoint).toEqual(checkpoint);
  });

  it("says whose code was reviewed before: production's, and the baseline's unless the model is new", () => {
    const all = { ...noFacts, production: production(), baseline };
    const reviewed = (of: ModelChange): readonly string[] =>
      planModel(of, all, { train: true })
        .tasks.filter((task) => task.reviewed === true)
        .map(({ role }) => role);
    expect(reviewed(change)).toEqual(["production", "baseline"]);
    expect(reviewed({ ...change, isNew: true })).toEqual(["production"]);
  });

  const both = [predictions(exam, subjects.candidate), predictions(exam, subjects.production)];
  const trained = { ...noFacts, production: production(), candidate: known() };

  it.for<readonly [what: string, facts: ModelFacts, tasks: readonly string[], comparisons: number]>([
    ["nothing is known", noFacts, ["train candidate, 1 to answer"], 1],
    [
      "production has not sat it",
      { ...noFacts, production: production() },
      ["train candidate, 1 to answer", "production, 1 to answer"],
      1,
    ],
    [
      "production has sat it",
      { ...noFacts, production: production(), predictions: both },
      ["train candidate, 1 to answer"],
      1,
    ],
    ["there is a baseline", { ...noFacts, baseline }, ["train candidate, 1 to answer", "baseline, 1 to answer"], 1],
    ["it is trained, and nobody has predicted", trained, ["candidate, 1 to answer", "production, 1 to answer"], 1],
    ["all have predicted", { ...trained, predictions: both }, [], 1],
    ["all is compared", facts(change, 0.1), [], 0],
    [
      "the comparison is with another version",
      facts(change, 0.1, { comparisons: [compared(exam, 0.1, { production: "e".repeat(64) })], predictions: both }),
      [],
      1,
    ],
    [
      "the comparison is of another baseline",
      facts(change, 0.1, { baseline, predictions: both }),
      ["baseline, 1 to answer"],
      1,
    ],
    [
      "the comparison left out other rows",
      facts(change, 0.1, { comparisons: [compared(exam, 0.1, { dropped: ["old.csv"] })], predictions: both }),
      [],
      1,
    ],
    [
      "it goes back",
      facts(change, 0.1, {
        comparisons: [],
        goesBackTo: { version: production().standing.version, names: "reverts it" },
      }),
      // it is compared, so that people see what is lost, and never trained
      ["candidate, 1 to answer", "production, 1 to answer"],
      1,
    ],
  ])("where %s", ([, given, wanted, comparisons]) => {
    expect(tasks(change, given)).toEqual(wanted);
    expect(planModel(change, given, { train: true }).comparisons).toHaveLength(comparisons);
  });

  it("trains nothing where it may not: then there is nothing to compare either", () => {
    expect(planModel(change, noFacts, { train: false })).toEqual({ tasks: [], comparisons: [], exams: [] });
    expect(tasks(change, trained, false)).toEqual(["candidate, 1 to answer", "production, 1 to answer"]);
  });

  it("has everybody sit the proposed evaluation too", () => {
    const text = modelText("churn").replace("auc: {} }", "log_loss: {} }");
    const both_ = candidate({ ...repository, ".github/trainyard.yml": configText(text), "churn/train.csv": "more" });
    const work = planModel(both_, { ...noFacts, production: production() }, { train: true });
    expect(work.exams.map(({ evaluation }) => evaluation)).toEqual([both_.exam.evaluation, both_.proposed?.evaluation]);
    expect(tasks(both_, { ...noFacts, production: production() })).toEqual([
      "train candidate, 2 to answer",
      "production, 2 to answer",
    ]);
  });

  it("gives a training the secrets of the base branch, its own command and the files of the merged tree", () => {
    const text = modelText("churn").replace("secrets: [HF_TOKEN]", "secrets: [MINE]").replace("train.py,", "other.py,");
    const greedy = candidate({ ...repository, ".github/trainyard.yml": configText(text) });
    const [task] = planModel(greedy, noFacts, { train: true }).tasks;
    expect(task?.train).toMatchObject({ run: "python other.py", secrets: ["HF_TOKEN"] });
    expect(task?.train?.inputs.map(({ path }) => path)).toEqual([
      "churn/params.yaml",
      "churn/train.csv",
      "churn/train.py",
    ]);
    expect(task?.predict.inputs.map(({ path }) => path)).toEqual(["churn/params.yaml", "churn/train.py"]);
  });

  it("says of each side where its answers come from", () => {
    const [comparison] = planModel(
      change,
      { ...trained, predictions: both.slice(1), baseline },
      { train: true },
    ).comparisons;
    expect(comparison).toMatchObject({
      candidate: { task: "candidate-churn", subject: subjects.candidate, predictions: null },
      production: { task: null, subject: subjects.production, predictions: { subject: subjects.production } },
      baseline: { task: "baseline-churn", subject: baseline.digest, predictions: null },
    });
  });
});

describe("planModel() of what ships nothing new", () => {
  const text = modelText("churn").replace("auc: {} }", "log_loss: {} }");
  const [settings] = changesOf({ ...repository, ".github/trainyard.yml": configText(text) });

  it("has production alone sit the old and the new evaluation", () => {
    if (settings?.kind !== "settings") throw new Error("These are no settings");
    const work = planModel(settings, { ...noFacts, production: production() }, { train: true });
    expect(work.tasks).toMatchObject([{ role: "production", train: null }]);
    expect(work.comparisons).toMatchObject([{ production: null }, { production: null }]);
  });

  const { name } = change;
  it.for([
    { kind: "not_affected", name },
    { kind: "retired", name, was: undefined, stages: ["production"] },
  ] as const)("asks nothing of anybody where it is $kind", (quiet) => {
    expect(planModel(quiet, noFacts, { train: true })).toEqual({ tasks: [], comparisons: [], exams: [] });
  });
});

describe("droppedFiles()", () => {
  const holdout = [entry("weeks/1.csv", "1"), entry("weeks/2.csv", "2"), entry("weeks/3.csv", "3")];
  const rolling = { ...exam, holdout };

  it.for<
    readonly [
      what: string,
      candidate: readonly ReturnType<typeof entry>[],
      production: readonly ReturnType<typeof entry>[],
      dropped: readonly string[],
    ]
  >([
    ["nobody was trained on any", [entry("train.csv", "9")], [entry("train.csv", "8")], []],
    ["the candidate was trained on one", [entry("weeks/2.csv", "2")], [], ["weeks/2.csv"]],
    ["production was trained on one", [], [entry("weeks/1.csv", "1")], ["weeks/1.csv"]],
    ["one has another content now", [], [entry("weeks/3.csv", "7")], ["weeks/3.csv"]],
    ["one has another name now", [entry("archive/a.csv", "3")], [], ["weeks/3.csv"]],
    [
      "both were trained on all",
      [entry("weeks/1.csv", "1"), entry("x", "2")],
      [entry("weeks/3.csv", "3")],
      ["weeks/1.csv", "weeks/2.csv", "weeks/3.csv"],
    ],
  ])("where %s", ([, mine, theirs, dropped]) => {
    expect(droppedFiles(rolling, mine, theirs)).toEqual(dropped);
  });
});
