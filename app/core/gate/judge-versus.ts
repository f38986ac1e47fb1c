import type { Gate } from "#core/config/config.ts";
import type { Comparison } from "#core/evidence.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import { rowsNeeded } from "#core/statistics/rows-needed.ts";
import { sayNeeds } from "./judge-bar.ts";
import { findMetric, measured } from "./measured-metric.ts";
import { sayEstimate } from "./say-estimate.ts";
import type { GateVerdict } from "./verdict.ts";

export type VersusGate = Extract<Gate, { kind: "versus" }>;

/**
 * Candidate against production or baseline by the paired interval, in the metric's own direction of better.
 * `mayWorsen`: pass where the whole interval lies above −margin, fail below it; `better`: the same about 0.
 */
export function judgeVersus(gate: VersusGate, comparison: Comparison): GateVerdict {
  const metric = findMetric(comparison, gate.metric);
  const difference = measured(gate.against === "production" ? metric?.versusProduction : metric?.versusBaseline);
  if (metric === undefined || difference === undefined) return unmeasured(gate, comparison);
  const gain: Estimate =
    metric.better === "higher"
      ? difference
      : { point: -difference.point, low: -difference.high, high: -difference.low, n: difference.n };
  const bar = gate.better ? 0 : -gate.mayWorsen;
  const rule = gate.better
    ? `must be better than ${gate.against}`
    : `may worsen by ${gate.mayWorsen} against ${gate.against}`;
  const direction = metric.better === "lower" ? " (lower is better)" : "";
  const said = sayEstimate(difference, metric.better === "higher" ? bar : -bar, true);
  const because = `"${gate.metric}" ${rule}${direction}: the difference is ${said}`;
  // only the very same bytes have a difference without width: nothing has worsened
  const same = gain.low === 0 && gain.high === 0;
  if (gain.low > bar || (same && !gate.better)) return { kind: "pass", gate, because, needs: undefined };
  if (gain.high < bar || (same && gate.better)) return { kind: "fail", gate, because, needs: undefined };
  const needs = rowsNeeded(gain, bar, comparison.units);
  return { kind: "inconclusive", gate, because: `${because}${sayNeeds(needs, comparison)}`, needs };
}

function unmeasured(gate: VersusGate, comparison: Comparison): GateVerdict {
  const other = gate.against === "production" ? comparison.production : comparison.baseline;
  const because =
    other === null
      ? `"${gate.metric}" cannot be compared with ${gate.against}: there is no ${gate.against} in this comparison`
      : `"${gate.metric}" was not measured against ${gate.against}: a gate without its metric never passes`;
  return { kind: "error", gate, because, needs: undefined };
}
