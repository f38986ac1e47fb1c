import type { Better } from "#core/config/config.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import { subtractIndependent } from "#core/statistics/intervals/independent.ts";
import { driftThresholds } from "./thresholds.ts";

export type LeadVerdict = {
  kind: "holds" | "hint" | "drifted" | "unknown";
  /** now − at promotion, higher is better; NaN where it could not be measured */
  change: Estimate;
  because: string;
};

/**
 * Has production's paired lead over the baseline shrunk since its promotion? The two leads were measured on different
 * weeks, hence independently: the variance of the change is the sum of both. One block whose interval lies wholly below
 * zero is a hint. It is drift if the block before (`previous`, its lead) said so too, or if the whole interval lies
 * below a loss of a quarter of the lead at promotion: one block in 40 is below zero by chance alone.
 */
export function judgeLead(lead: {
  metric: string;
  better: Better;
  now: Estimate;
  atPromotion: Estimate;
  /** on a block of rows that this one shares no row with: the same block twice confirms nothing */
  previous: Estimate | undefined;
}): LeadVerdict {
  const sign = lead.better === "higher" ? 1 : -1;
  const [now, before] = [orient(lead.now, sign), orient(lead.atPromotion, sign)];
  const change = subtractIndependent(now, before);
  const said = `the lead over the baseline in "${lead.metric}" changed by ${say(change.point)} (${say(change.low)} to ${say(change.high)}) since promotion`;
  if (!Number.isFinite(change.low) || !Number.isFinite(change.high)) {
    return { kind: "unknown", change, because: `the lead over the baseline in "${lead.metric}" could not be measured` };
  }
  if (!(change.high < 0)) return { kind: "holds", change, because: said };
  const least = driftThresholds.leadLost * Math.abs(before.point);
  if (change.high < -least) return { kind: "drifted", change, because: `${said}, certainly more than a quarter of it` };
  const confirmed = lead.previous !== undefined && subtractIndependent(orient(lead.previous, sign), before).high < 0;
  if (confirmed) return { kind: "drifted", change, because: `${said}, in the second block in a row` };
  return { kind: "hint", change, because: `${said}: a hint, no alarm, until the next block confirms it` };
}

function orient(estimate: Estimate, sign: 1 | -1): Estimate {
  if (sign === 1) return estimate;
  return { point: -estimate.point, low: -estimate.high, high: -estimate.low, n: estimate.n };
}

function say(value: number): string {
  const text = Math.abs(value).toFixed(4);
  return Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}
