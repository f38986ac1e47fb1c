import type { Gate } from "#core/config/config.ts";
import type { Comparison } from "#core/evidence.ts";
import { judgeBar } from "./judge-bar.ts";
import { judgeVersus } from "./judge-versus.ts";
import { titleOf } from "./metric-title.ts";
import type { GateVerdict } from "./verdict.ts";

/**
 * What one gate says about a comparison, read from the interval (law 8): pass, fail, not decided, or an error where its
 * metric was not measured. A comparison that failed is an error for every gate; one that lost all its rows is undecided.
 */
export function judgeGate(gate: Gate, comparison: Comparison): GateVerdict {
  if (comparison.error !== null) return { kind: "error", gate, because: comparison.error, needs: undefined };
  if (comparison.units === 0 && comparison.dropped.length > 0) {
    const because = `${titleOf(gate.metric)} cannot be judged: every holdout file was among what one of the models was trained on`;
    return { kind: "inconclusive", gate, because, needs: undefined };
  }
  return gate.kind === "versus" ? judgeVersus(gate, comparison) : judgeBar(gate, comparison);
}
