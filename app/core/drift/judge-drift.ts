import type { Better } from "#core/config/config.ts";
import type { EstimateRecord } from "#core/evidence.ts";
import type { DriftMultivariate, DriftReport } from "#core/drift/drift-record.ts";
import type { TableProfile } from "#core/profile/table-profile.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import type { DriftSettings } from "./drift-settings.ts";
import { explainDrift } from "./explain-drift.ts";
import { judgeLead, type LeadVerdict } from "./judge-lead.ts";
import { judgeTables, type TablesJudged } from "./judge-tables.ts";
import { driftThresholds } from "./thresholds.ts";

export type DriftFacts = {
  model: string;
  version: string;
  reference: { files: readonly string[]; profile: TableProfile };
  current: { files: readonly string[]; profile: TableProfile };
  settings: DriftSettings;
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
  /** a classifier's answer, where one was asked */
  multivariate?: DriftMultivariate | undefined;
  /** ISO 8601 */
  at: string;
};

/**
 * Current data against the reference by their profiles, and production's lead against its value at promotion. A column
 * drifts by effect and adjusted p together (Benjamini-Hochberg over all tests); fewer than 100 rows a side are not
 * enough to say.
 */
export function judgeDrift(facts: DriftFacts): DriftReport {
  const { reference, current, settings, multivariate } = facts;
  const rows = { reference: reference.profile.rows, current: current.profile.rows };
  const lacking = findLacking(facts);
  const tables = judgeTables(reference.profile, current.profile, settings);
  const lead =
    facts.lead?.atPromotion === undefined
      ? undefined
      : judgeLead({ ...facts.lead, atPromotion: facts.lead.atPromotion });
  const verdict = decide(rows, lacking, tables, lead, multivariate);
  const isSilent = verdict === "not-enough-data" || lacking !== undefined;
  return {
    schema: "trainyard/drift/1",
    model: facts.model,
    version: facts.version,
    verdict,
    because: (lacking ?? explainDrift(verdict, rows, tables, lead, multivariate)).slice(0, 4_000),
    reference: { files: [...reference.files], rows: rows.reference },
    current: { files: [...current.files], rows: rows.current },
    columns: tables.columns.slice(0, mostColumns),
    ...(tables.columns.length > mostColumns ? { moreColumns: tables.columns.length - mostColumns } : {}),
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
    level: isSilent ? "unknown" : tables.level,
    coverage: tables.coverage.slice(0, 2_000),
    changes: [...tables.changes],
    ...(settings.preset === undefined ? {} : { preset: settings.preset }),
    ...(multivariate === undefined ? {} : { multivariate }),
  };
}

/** what a record holds, the worst first */
const mostColumns = 2_000;

/** Somebody named columns that one side has not. */
function findLacking({ reference, current, settings }: DriftFacts): string | undefined {
  for (const [side, { profile }] of [["reference", reference] as const, ["current", current] as const]) {
    const known = new Set(profile.columns.map(({ name }) => name));
    const missing = settings.watched?.filter((name) => !known.has(name)) ?? [];
    if (missing.length === 0) continue;
    const list = missing.slice(0, 5).map((name) => `"${name.slice(0, 60)}"`);
    return `The ${side} data lacks ${missing.length} watched columns: ${list.join(", ")}`;
  }
  return undefined;
}

function decide(
  rows: { reference: number; current: number },
  lacking: string | undefined,
  { columns, changes }: TablesJudged,
  lead: LeadVerdict | undefined,
  multivariate: DriftMultivariate | undefined,
): DriftReport["verdict"] {
  if (lacking !== undefined) return "error";
  if (Math.min(rows.reference, rows.current) < driftThresholds.leastRows) return "not-enough-data";
  const broken = changes.some(({ level }) => level === "fail");
  const apart = multivariate?.level === "warn" || multivariate?.level === "fail";
  if (broken || apart || columns.some(({ drifted }) => drifted) || lead?.kind === "drifted") return "drift";
  if ((columns.length === 0 && lead === undefined) || lead?.kind === "unknown") return "error";
  const isKnown = columns.length === 0 || columns.some(({ level }) => level !== "unknown");
  return isKnown ? "quiet" : "not-enough-data";
}

function record({ point, low, high, n }: Estimate): EstimateRecord {
  const whole = [point, low, high].every(Number.isFinite);
  return whole ? { point, low, high, n } : { point: null, low: null, high: null, n };
}
