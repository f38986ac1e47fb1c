import type { Better } from "#core/config/config.ts";
import type { DriftColumn, DriftReport, EstimateRecord } from "#core/evidence.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import { adjustForFalseDiscovery } from "#core/statistics/false-discovery.ts";
import type { ColumnProfile } from "./column-profile.ts";
import { testColumn, type ColumnTest } from "./judge-column.ts";
import { judgeLead, type LeadVerdict } from "./judge-lead.ts";
import { driftThresholds } from "./thresholds.ts";

export type DriftFacts = {
  model: string;
  version: string;
  reference: { files: readonly string[]; rows: number };
  current: { files: readonly string[]; rows: number };
  columns: readonly ColumnProfile[];
  /** leads (production − baseline) as measured, in the metric's own sign; undefined where there is no baseline */
  lead:
    | {
        metric: string;
        better: Better;
        now: Estimate;
        atPromotion: Estimate | undefined;
        previous: Estimate | undefined;
      }
    | undefined;
  /** ISO 8601 */
  at: string;
};

/**
 * Current data against the reference, and production's lead against its value at promotion. A column drifts by effect
 * and adjusted p together (Benjamini-Hochberg over all columns); fewer than 100 rows a side are not enough to say.
 */
export function judgeDrift(facts: DriftFacts): DriftReport {
  const tests = facts.columns.flatMap(testColumn);
  const adjusted = adjustForFalseDiscovery(tests.map(({ p }) => p));
  const columns = tests.map((test, index) => judgeColumn(test, adjusted[index] ?? NaN));
  const lead =
    facts.lead?.atPromotion === undefined
      ? undefined
      : judgeLead({ ...facts.lead, atPromotion: facts.lead.atPromotion });
  const verdict = decide(facts, columns, lead);
  return {
    schema: "trainyard/drift/1",
    model: facts.model,
    version: facts.version,
    verdict,
    because: explain(verdict, facts, columns, lead),
    reference: { files: [...facts.reference.files], rows: facts.reference.rows },
    current: { files: [...facts.current.files], rows: facts.current.rows },
    columns,
    lead:
      facts.lead === undefined
        ? null
        : {
            metric: facts.lead.metric,
            now: record(facts.lead.now),
            atPromotion: facts.lead.atPromotion === undefined ? null : record(facts.lead.atPromotion),
            change: lead === undefined ? null : record(lead.change),
            drifted: lead?.kind === "drifted",
          },
    at: facts.at,
  };
}

function decide(
  facts: DriftFacts,
  columns: readonly DriftColumn[],
  lead: LeadVerdict | undefined,
): DriftReport["verdict"] {
  if (Math.min(facts.reference.rows, facts.current.rows) < driftThresholds.leastRows) return "not-enough-data";
  if (columns.some(({ drifted }) => drifted) || lead?.kind === "drifted") return "drift";
  if (columns.length === 0 && lead === undefined) return "error";
  return columns.some(({ effect }) => effect === null) || lead?.kind === "unknown" ? "error" : "quiet";
}

function judgeColumn(test: ColumnTest, adjustedP: number): DriftColumn {
  const { p, effect, threshold, column } = test;
  const large = effect !== null && effect >= threshold;
  const drifted = large && adjustedP <= driftThresholds.adjustedP;
  const name = { "cramers-v": "Cramér's V", ks: "KS distance", wasserstein: "Wasserstein distance / spread" }[
    test.effectName
  ];
  const because =
    effect === null
      ? `"${column}" could not be compared: one side has no value in it`
      : `"${column}" ${drifted ? "drifted" : "did not drift"}: ${name} is ${sayEffect(effect, threshold)}, ` +
        `${large ? "at least" : "below"} ${threshold}; adjusted p ${sayP(adjustedP)}`;
  return {
    ...test,
    p: Number.isNaN(p) ? null : p,
    adjustedP: Number.isNaN(adjustedP) ? null : adjustedP,
    drifted,
    because,
  };
}

function explain(
  verdict: DriftReport["verdict"],
  facts: DriftFacts,
  columns: readonly DriftColumn[],
  lead: LeadVerdict | undefined,
): string {
  const least = driftThresholds.leastRows;
  if (verdict === "not-enough-data") {
    return `Not enough data: the reference has ${facts.reference.rows} rows and the current data ${facts.current.rows}, each side needs ${least}`;
  }
  if (columns.length === 0 && lead === undefined) return 'Nothing was watched: name a column under "monitor: columns"';
  const drifted = columns.filter((column) => column.drifted).map(({ because }) => because);
  const unmeasured = columns.filter(({ effect }) => effect === null).map(({ because }) => because);
  const furthest = columns.toSorted((a, b) => (b.effect ?? 0) / b.threshold - (a.effect ?? 0) / a.threshold)[0];
  const quiet = `none of ${columns.length} columns drifted${furthest === undefined ? "" : `; furthest: ${furthest.because}`}`;
  const parts = [
    ...(drifted.length > 0 ? drifted : [quiet]),
    ...unmeasured,
    ...(lead === undefined ? [] : [lead.because]),
  ];
  return parts.join("; ").slice(0, 4_000);
}

/** Three decimals, or as many as keep an effect on its side of the threshold. */
function sayEffect(effect: number, threshold: number): string {
  let decimals = 3;
  while (decimals < 8 && Number(effect.toFixed(decimals)) >= threshold !== effect >= threshold) decimals++;
  return effect.toFixed(decimals);
}

function sayP(p: number): string {
  if (Number.isNaN(p)) return "not known";
  if (p < 1e-16) return "< 1e-16";
  return p < 0.001 ? p.toExponential(1) : p.toFixed(3);
}

function record({ point, low, high, n }: Estimate): EstimateRecord {
  const whole = [point, low, high].every(Number.isFinite);
  return whole ? { point, low, high, n } : { point: null, low: null, high: null, n };
}
