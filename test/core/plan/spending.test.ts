import { describe, expect, it } from "vitest";
import { subjectOfRun } from "#core/identity/subject.ts";
import { parseConfig } from "#core/config/parse.ts";
import type { Tree } from "#core/identity/tree.ts";
import { findChanges, type ModelChange } from "#core/plan/changes.ts";
import type { Snapshot } from "#core/plan/identify.ts";
import { judgeModel } from "#core/plan/judge-model.ts";
import type { ModelFacts } from "#core/plan/model-facts.ts";
import { planModel } from "#core/plan/plan-model.ts";
import type { Task } from "#core/plan/plan-record.ts";
import { noFacts } from "#flow/observe/observe-model.ts";
import { treeOf } from "../tree-of.ts";

type File = string | { mode: string; content: string };
const files = { "train.py": "a", "data.csv": "b", "holdout.csv": "c" };

/** The config of one model with more lines for some of its parts. */
function model(
  more: { name?: string; train?: string; predict?: string; evaluate?: string; rest?: string } = {},
): string {
  return `
  ${more.name ?? "churn"}:
    inputs: { data: [data.csv], code: [train.py] }
    train: { run: python train.py, model: model.onnx${more.train ?? ""} }
    predict: { run: python predict.py${more.predict ?? ""} }
    evaluate: { holdout: holdout.csv, task: binary, label: churned, score: p${more.evaluate ?? ""} }
    gates: [{ metric: auc, at-least: 0.5 }]${more.rest ?? ""}`;
}

function snapshot(models: string, more: Record<string, File> = {}): Snapshot {
  const parsed = parseConfig(`version: 1\nmodels:${models}\n`);
  if (parsed.kind !== "config") throw new Error(parsed.problems.map(({ message }) => message).join("; "));
  const tree: Tree = treeOf({ ...files, ...more });
  return { commit: undefined, tree, config: parsed.config };
}

function changes(base: Snapshot | undefined, merged: Snapshot): readonly ModelChange[] {
  return findChanges(base, merged).filter(({ kind }) => kind !== "not_affected");
}
const tasksOf = (base: Snapshot | undefined, merged: Snapshot): readonly Task[] =>
  changes(base, merged).flatMap((change) => planModel(change, noFacts, { train: true }).tasks);

describe("what a pull request may spend", () => {
  const changed = { "train.py": "changed" };

  it("is the time that the base branch gives", () => {
    const base = snapshot(model({ train: ", timeout: 1h", predict: ", timeout: 5m" }));
    const [task] = tasksOf(base, snapshot(model({ train: ", timeout: 5d", predict: ", timeout: 5d" }), changed));
    expect(task).toMatchObject({ train: { timeoutMs: 3_600_000 }, predict: { timeoutMs: 300_000 } });
  });

  it.for([
    ["5d", "2h", 6 * 3_600_000],
    ["5d", "9h", 9 * 3_600_000],
    ["1h", "9h", 3_600_000],
  ] as const)("for a new model that asks for %s, where the base gives %s, is %i ms", ([asked, given, wanted]) => {
    const base = snapshot(model({ train: `, timeout: ${given}` }));
    const merged = snapshot(
      model({ train: `, timeout: ${given}` }) + model({ name: "stock", train: `, timeout: ${asked}` }),
    );
    expect(tasksOf(base, merged)[0]?.train?.timeoutMs).toBe(wanted);
  });

  it("is no machine, group, secret or moment but the base branch's", () => {
    const base = snapshot(model({ train: ", when: command" }));
    const merged = snapshot(
      model({ train: ", when: push, runs-on: [gpu], secrets: [TOKEN]", predict: ", runs-on: { group: big }" }),
      changed,
    );
    const [change] = changes(base, merged);
    expect(change).toMatchObject({ judge: { train: { when: "command" } } });
    expect(tasksOf(base, merged)[0]).toMatchObject({ runsOn: "ubuntu-latest", train: { secrets: [] } });
  });
});

describe("the jobs of models whose names look alike", () => {
  it.for([
    ["churn", "Churn"],
    ["a-b", "a_b"],
    ["a".repeat(80), `${"a".repeat(80)}b`],
  ] as const)("%s and %s bear different names", ([one, other]) => {
    const keys = tasksOf(undefined, snapshot(model({ name: one }) + model({ name: other }))).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).toMatch(/^[a-z0-9-]{1,80}$/);
  });

  it("cannot be guessed into one another", () => {
    const [first] = tasksOf(undefined, snapshot(model({ name: "a_b" })));
    const name = first?.key.replace("candidate-", "") ?? "";
    const keys = tasksOf(undefined, snapshot(model({ name: "a_b" }) + model({ name }))).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
  });
});

describe("a model without declared inputs", () => {
  const open = (evaluate: string): string =>
    model({ evaluate })
      .replace("    inputs: { data: [data.csv], code: [train.py] }\n", "")
      .replace("holdout.csv", "docs/holdout.txt");

  it.for([["docs/holdout.txt"], [".github/lookup.csv"]] as const)(
    "is affected by %s, on which it is judged",
    ([path]) => {
      const config = open(", lookup: [.github/lookup.csv]");
      const [before, after] = ["old", "new"].map((text) =>
        snapshot(config, { "docs/holdout.txt": "h", ".github/lookup.csv": "l", [path]: text }),
      );
      expect(changes(before, after!)).toMatchObject([{ kind: "settings" }]);
    },
  );
});

describe("judgeModel()", () => {
  it.for([
    ["a new model beside the old one", model() + model({ name: "stock" }), "first", true],
    ["a model under another name", model({ name: "stock" }), "first", false],
  ] as const)("calls %s green only where nothing vanishes for it", ([, config, kind, green]) => {
    const change = changes(snapshot(model()), snapshot(config)).find(({ name }) => name === "stock")!;
    const run = { inputs: [], artifact: { sha256: "a" }, recipe: "r" };
    const facts = {
      ...noFacts,
      candidate: { run: run as never, bytes: { kind: "local", path: "" } },
      comparisons:
        "exam" in change
          ? [
              {
                evaluation: change.exam.evaluation,
                candidate: subjectOfRun(run),
                production: null,
                baseline: null,
                dropped: [],
                error: null,
                units: 9,
                metrics: [{ name: "auc", better: "higher", candidate: { point: 0.9, low: 0.8, high: 1, n: 9 } }],
              } as never,
            ]
          : [],
    } satisfies ModelFacts;
    expect(judgeModel(change, facts, { expecting: false, informational: false })).toMatchObject({
      verdict: { kind, green },
    });
  });

  it.for([
    ["a link", "120000", "holdout.csv", ""],
    ["a submodule", "160000", "holdout.csv", ""],
    ["a link", "120000", "lookup.csv", ", lookup: [lookup.csv]"],
  ] as const)("refuses %s (%s) as %s", ([what, mode, path, evaluate]) => {
    const base = snapshot(model({ evaluate }), { "lookup.csv": "l" });
    const merged = snapshot(model({ evaluate }), {
      "lookup.csv": "l",
      "train.py": "changed",
      [path]: { mode, content: "elsewhere" },
    });
    const [change] = changes(base, merged);
    expect(judgeModel(change!, noFacts, { expecting: true, informational: false })).toMatchObject({
      verdict: { kind: "error", because: `"${path}" is ${what}: what a model is judged on has to be plain files` },
    });
    expect(tasksOf(base, merged)).toEqual([]);
  });

  it("is never green while what is expected of the data was not checked", () => {
    const expect_ = "\n    expect: [{ column: age, not-null: true }]";
    const [change] = changes(
      snapshot(model({ rest: expect_ })),
      snapshot(model({ rest: expect_ }), { "data.csv": "new" }),
    );
    const facts: ModelFacts = {
      ...noFacts,
      candidate: { run: { inputs: [], artifact: { sha256: "a" } } as never, bytes: { kind: "local", path: "" } },
    };
    expect(judgeModel(change!, facts, { expecting: false, informational: false })).toMatchObject({
      verdict: { kind: "error", because: "its data was not checked by what is expected of it now: say /train --again" },
    });
  });
});
