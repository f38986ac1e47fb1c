import { describe, expect, it } from "vitest";
import { writePin } from "#core/config/yaml/write-pin.ts";
import { parseModelName, parseVersion } from "#core/names.ts";

const churn = parseModelName("churn");
const version = parseVersion("v1.3.0");

const before = `# ours
version: 1
models:
  churn: # the one
`;
const after = `    train: { run: sh train.sh, model: model.txt }
    predict: { run: sh predict.sh }
    evaluate: { holdout: holdout.csv, task: binary, label: churned, score: p }
    gates: [{ metric: auc, at-least: 0.6 }] # the bar
`;

describe("writePin()", () => {
  it.for<readonly [what: string, promote: string, edited: string]>([
    ["no promote", "", "    promote: { pin: v1.3.0 }\n"],
    ["an empty promote", "    promote: {}\n", "    promote: { pin: v1.3.0 }\n"],
    ["a flow map", "    promote: { stages: [a, b] } # two\n", "    promote: { pin: v1.3.0, stages: [a, b] } # two\n"],
    ["a tight flow map", "    promote: {bump: major}\n", "    promote: { pin: v1.3.0, bump: major}\n"],
    ["a pin", "    promote: { bump: major, pin: v1.0.0 }\n", "    promote: { bump: major, pin: v1.3.0 }\n"],
    ["a quoted pin", "    promote: { pin: 'v1.0.0' }\n", "    promote: { pin: v1.3.0 }\n"],
    [
      "a block",
      "    promote:\n      # slow\n      bump: patch\n",
      "    promote:\n      # slow\n      pin: v1.3.0\n      bump: patch\n",
    ],
  ])("edits %s and nothing else", ([, promote, edited]) => {
    expect(writePin(before + promote + after, churn, version)).toBe(before + edited + after);
  });

  it("keeps line endings", () => {
    const text = (before + after).replaceAll("\n", "\r\n");
    const edited = `${before}    promote: { pin: v1.3.0 }\n${after}`.replaceAll("\n", "\r\n");
    expect(writePin(text, churn, version)).toBe(edited);
  });

  it("does not touch what it cannot edit for certain", () => {
    expect(writePin("models: [", churn, version)).toBeUndefined();
    expect(writePin(before + after, parseModelName("other"), version)).toBeUndefined();
    expect(writePin(`${before.slice(0, -"  churn: # the one\n".length)}  churn: {`, churn, version)).toBeUndefined();
  });
});
