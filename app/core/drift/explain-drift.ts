import type { DriftMultivariate, DriftReport } from "#core/drift/drift-record.ts";
import type { LeadVerdict } from "./judge-lead.ts";
import type { TablesJudged } from "./judge-tables.ts";
import { driftThresholds } from "./thresholds.ts";

/** The verdict in one line: what drifted, what could not be said, else what came nearest. */
export function explainDrift(
  verdict: DriftReport["verdict"],
  rows: { reference: number; current: number },
  { columns, changes }: TablesJudged,
  lead: LeadVerdict | undefined,
  multivariate: DriftMultivariate | undefined,
): string {
  const least = driftThresholds.leastRows;
  if (verdict === "not-enough-data" && Math.min(rows.reference, rows.current) < least)
    return `Not enough data: the reference has ${rows.reference} rows and the current data ${rows.current}, each side needs ${least}`;
  if (columns.length === 0 && changes.length === 0 && lead === undefined)
    return 'Nothing was watched: name a column under "monitor: columns"';
  const drifted = columns.filter((column) => column.drifted);
  const unknown = columns.filter(({ level }) => level === "unknown");
  const known = columns.length - unknown.length;
  const furthest = columns.find(({ level }) => level !== "unknown");
  const quiet = `none of ${known} columns drifted${furthest === undefined ? "" : `; furthest: ${furthest.because}`}`;
  const broken = changes.filter(({ level }) => level === "fail").map(({ because }) => because);
  const moved = [...broken, ...drifted.map(({ because }) => because)];
  return [
    ...(moved.length > 0 ? moved : known > 0 ? [quiet] : []),
    ...(multivariate === undefined || multivariate.level === "quiet" ? [] : [multivariate.because]),
    ...unknown.map(({ because }) => because),
    ...(lead === undefined ? [] : [lead.because]),
  ].join("; ");
}
