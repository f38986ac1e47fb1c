import type { Comparison } from "#core/evidence.ts";
import { rowsNeeded } from "#core/statistics/rows-needed.ts";
import { sayNeeds } from "./judge-bar.ts";
import { findMetric, measured } from "./measured-metric.ts";
import { gainOf, sayAllowed, sayDifference, type VersusGate } from "./say-difference.ts";
import type { GateVerdict } from "./verdict.ts";

/**
 * Candidate against production or baseline by the paired interval, in the metric's own direction of better.
 * `mayWorsen`: pass where the whole interval lies above −margin, fail below it; `better`: the same about 0.
 */
export function judgeVersus(gate: VersusGate, comparison: Comparison): GateVerdict {
  const metric = findMetric(comparison, gate.metric);
  const difference = measured(gate.against === "production" ? metric?.versusProduction : metric?.versusBaseline);
  if (metric === undefined || difference === undefined) return unmeasured(gate, comparison);
  const gain = gainOf(metric.better, difference);
  const bar = gate.better ? 0 : -gate.mayWorsen;
  const said = sayDifference(gate, metric.better, difference);
  const because = `${said}${sayAllowed(gate)}`;
  // only the very same bytes have a difference without width: nothing has worsened
  const same = gain.low === 0 && gain.high === 0;
  if (gain.low > bar || (same && !gate.better)) return { kind: "pass", gate, because, needs: undefined };
  if (gain.high < bar || (same && gate.better)) {
    const isTooMuch = !gate.better && gate.mayWorsen > 0;
    const failed = isTooMuch ? `${said}, more than the ${gate.mayWorsen} allowed` : because;
    return { kind: "fail", gate, because: failed, needs: undefined };
  }
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
