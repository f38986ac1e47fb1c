import { expect, it } from "vitest";
import { defaultDriftSettings } from "#core/drift/drift-settings.ts";
import { judgePrediction } from "#core/drift/judge-prediction.ts";

let state = 9;
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
const scores = (count: number, shift: number): Float64Array =>
  Float64Array.from({ length: count }, () => Math.min(1, random() ** 2 + shift));

it("scores that moved by less than a feature may are a prediction's drift", () => {
  const [column, ...rest] = judgePrediction(scores(4_000, 0), scores(4_000, 0.02), "p", defaultDriftSettings);
  expect(rest).toEqual([]);
  expect(column).toMatchObject({ column: "p (predicted)", role: "prediction", drifted: true });
});

it("scores as they were, or too few of them, are none", () => {
  const [column] = judgePrediction(scores(4_000, 0), scores(4_000, 0), "p", defaultDriftSettings);
  expect(column?.drifted).toBe(false);
  expect(judgePrediction(scores(4_000, 0), scores(50, 0.5), "p", defaultDriftSettings)).toEqual([]);
});
