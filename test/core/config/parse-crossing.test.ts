import { describe, expect, it } from "vitest";
import { parseConfig } from "#core/config/parse.ts";
import { parseEvaluateConfig, parseExpectations } from "#core/config/parse-crossing.ts";
import { everything, ranking, smallest } from "./examples.ts";

function readModel(text: string) {
  const parsed = parseConfig(text);
  const model = parsed.kind === "config" ? [...parsed.config.models.values()][0] : undefined;
  if (model === undefined) throw new Error("There is no model");
  return model;
}

const cross = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("parseEvaluateConfig()", () => {
  it.for([smallest, everything, ranking])("reads what crossed between machines", (text) => {
    const { evaluate } = readModel(text);
    expect(parseEvaluateConfig(cross(evaluate))).toStrictEqual(evaluate);
  });

  it.for<[what: string, change: Record<string, unknown>, message: string]>([
    ["another task", { task: "regression" }, 'Cannot read the definitions of an evaluation: "task"'],
    ["a key too many", { gates: [] }, "Cannot read the definitions of an evaluation"],
    [
      "a pattern out of the repository",
      { holdout: { kind: "globs", globs: ["../x"] } },
      '"holdout.globs.0": no pattern of paths',
    ],
    ["a ranking without queries", { task: "ranking" }, 'a ranking needs "id"'],
    [
      "a threshold out of range",
      { metrics: [{ name: "recall", better: "higher", definition: { kind: "recall", threshold: 2 } }] },
      '"metrics.0.definition.threshold"',
    ],
  ])("refuses %s", ([, change, message]) => {
    const { evaluate } = readModel(smallest);
    expect(() => parseEvaluateConfig({ ...evaluate, ...change })).toThrow(message);
  });

  it.for([null, 7, "x", [], {}])("refuses %j", (json) => {
    expect(() => parseEvaluateConfig(json)).toThrow("Cannot read the definitions of an evaluation");
  });
});

describe("parseExpectations()", () => {
  it("reads what crossed between machines", () => {
    const { expect: expectations } = readModel(everything);
    expect(expectations).toHaveLength(4);
    expect(parseExpectations(cross(expectations))).toStrictEqual(expectations);
  });

  it("reads every kind, with its terms, and leaves what is hashed of old ones as it was", () => {
    const written = `
      - { column: a, not-null: true, mostly: 0.9, where: b > 1, level: warn }
      - { column: a, unique: true, between: [0, null], in: [1, x], not-in: [y], matches: ^a, length: 3, type: text }
      - { unique: [a, b] }
      - { row-count: [1, null] }
      - { column: a, freshness: 2d, references: { file: d.csv, column: id }, monotonic: increasing }
      - { column: a, sum: [0, 1], mean: [0, 1], quantile: { at: 0.5, between: [null, 1] } }
      - { columns: [a], only: true }
      - { sql: "true", level: fail, mostly: 1 }`;
    const { expect: expectations } = readModel(smallest.replace("    gates:", `    expect:${written}\n    gates:`));
    expect(expectations).toHaveLength(18);
    expect(parseExpectations(cross(expectations))).toStrictEqual(expectations);
    expect(JSON.stringify(expectations[0])).toBe(
      '{"kind":"not-null","column":"a","mostly":0.9,"where":"b > 1","level":"warn"}',
    );
    expect(JSON.stringify(expectations[2])).toBe('{"kind":"between","column":"a","low":0,"high":null}');
    expect(JSON.stringify(expectations[17])).toBe('{"kind":"sql","sql":"true"}');
  });

  it("refuses what is none", () => {
    expect(() => parseExpectations([{ kind: "between", column: "a", low: "1", high: 2 }])).toThrow(
      'Cannot read expectations: "0.low"',
    );
  });
});
