import type { Gate } from "#core/config/config.ts";
import type { Comparison } from "#core/evidence.ts";
import { rowsNeeded } from "#core/statistics/rows-needed.ts";
import { findMetric, measured } from "./measured-metric.ts";
import { titleOf } from "./metric-title.ts";
import { sayAbout, sayEstimate } from "./say-estimate.ts";
import type { GateVerdict } from "./verdict.ts";

export type BarGate = Extract<Gate, { kind: "at-least" | "at-most" }>;

/** A bar that the whole interval of the candidate must clear: pass above, fail below, else not decided. */
export function judgeBar(gate: BarGate, comparison: Comparison): GateVerdict {
  const estimate = measured(findMetric(comparison, gate.metric)?.candidate);
  if (estimate === undefined) {
    return {
      kind: "error",
      gate,
      because: `"${gate.metric}" was not measured: a gate without its metric never passes`,
      needs: undefined,
    };
  }
  const wanted = gate.kind === "at-least" ? "at least" : "at most";
  const because = `${titleOf(gate.metric)} must be ${wanted} ${gate.bar}: it is ${sayEstimate(estimate, gate.bar)}`;
  const reached = gate.kind === "at-least" ? estimate.low >= gate.bar : estimate.high <= gate.bar;
  if (reached) return { kind: "pass", gate, because, needs: undefined };
  const missed = gate.kind === "at-least" ? estimate.high < gate.bar : estimate.low > gate.bar;
  if (missed) return { kind: "fail", gate, because, needs: undefined };
  const needs = rowsNeeded(estimate, gate.bar, comparison.units);
  return { kind: "inconclusive", gate, because: `${because}${sayNeeds(needs, comparison)}`, needs };
}

/** The half sentence that says how much data would decide; empty where no amount would. */
export function sayNeeds(needs: number | undefined, comparison: Comparison): string {
  if (needs === undefined) return "";
  const { unitName, units } = comparison;
  // a column's name may be anything
  const named = /^[a-z]{1,30}$/.test(unitName) ? `${unitName}s` : `of "${unitName}"`;
  return `; about ${sayAbout(needs)} ${named} would decide it, it has ${units}`;
}
