import { NumberCounter } from "#core/profile/number-counter.ts";
import type { TableProfile } from "#core/profile/table-profile.ts";
import type { DriftColumn } from "./drift-record.ts";
import type { DriftSettings } from "./drift-settings.ts";
import { judgeTables } from "./judge-tables.ts";
import { driftThresholds } from "./thresholds.ts";

/**
 * Production's scores of late against those on its own holdout, by the stricter thresholds of a prediction. Empty with too
 * few of them. The scores are finite.
 */
export function judgePrediction(
  reference: Float64Array,
  current: Float64Array,
  score: string,
  settings: DriftSettings,
): readonly DriftColumn[] {
  if (Math.min(reference.length, current.length) < driftThresholds.leastRows) return [];
  const name = `${score} (predicted)`;
  const own = { ...settings, prediction: name, watched: undefined, without: [] };
  return judgeTables(profileScores(name, reference), profileScores(name, current), own).columns;
}

function profileScores(name: string, scores: Float64Array): TableProfile {
  const counter = new NumberCounter();
  counter.take(scores, scores.length);
  return { rows: scores.length, columns: [{ name, nulls: 0, type: "number", numbers: counter.summary() }] };
}
