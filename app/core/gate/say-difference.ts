import type { Gate } from "#core/config/config.ts";
import type { MetricComparison } from "#core/evidence.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import { titleOf } from "./metric-title.ts";
import { sayEstimate } from "./say-estimate.ts";

export type VersusGate = Extract<Gate, { kind: "versus" }>;
type Better = MetricComparison["better"];

/** A difference in the metric's own direction of better: above 0 is a gain. */
export function gainOf(better: Better, difference: Estimate): Estimate {
  return better === "higher" ? difference : negate(difference);
}

/**
 * What was measured: "nDCG@10 is 0.041 worse than production (0.035 to 0.048)" where the whole interval lies on one side
 * of 0, else "nDCG@10 differs from production's by −0.003 (−0.012 to +0.006)".
 */
export function sayDifference(gate: VersusGate, better: Better, difference: Estimate): string {
  const title = titleOf(gate.metric);
  const other = gate.against === "baseline" ? "the baseline" : gate.against;
  const gain = gainOf(better, difference);
  const bar = gate.better ? 0 : -gate.mayWorsen;
  if (gain.low === 0 && gain.high === 0) return `${title} is the same as ${other}'s`;
  if (gain.low <= 0 && gain.high >= 0) {
    const direction = better === "lower" ? " (lower is better)" : "";
    const signed = better === "higher" ? bar : -bar;
    return `${title} differs from ${other}'s by ${sayEstimate(difference, signed, true)}${direction}`;
  }
  const isBetter = gain.low > 0;
  const said = sayEstimate(isBetter ? gain : negate(gain), isBetter ? bar : -bar);
  return `${title} is ${said.replace(" (", ` ${isBetter ? "better" : "worse"} than ${other} (`)}`;
}

/** What the gate lets through, as the end of that sentence. */
export function sayAllowed(gate: VersusGate): string {
  if (gate.better) return ", and must be better";
  return gate.mayWorsen === 0 ? ", and must not be worse" : `; at most ${gate.mayWorsen} worse is allowed`;
}

const negate = ({ point, low, high, n }: Estimate): Estimate => ({ point: -point, low: -high, high: -low, n });
