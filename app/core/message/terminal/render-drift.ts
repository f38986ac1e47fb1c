import { effectNames, sayP } from "#core/drift/column/judge-column.ts";
import type { DriftColumn, DriftReport } from "#core/drift/drift-record.ts";
import { plainLine } from "#core/message/escape.ts";
import { decimalsOf, formatCount, formatInterval, formatNumber, formatUnits } from "#core/message/format.ts";
import { alignColumns } from "./align-columns.ts";

const shown = 40;

/** The report for a terminal: the verdict, what drifted (the worst first), what moved a little, what was not tested. */
export function renderDrift(report: DriftReport): string {
  const { columns, coverage = [], changes = [], multivariate, lead, performance } = report;
  const told = columns.filter(({ level }) => level !== "quiet");
  const quiet = columns.filter(({ level }) => level === "quiet");
  const parts = [
    sayVerdict(report),
    `${formatUnits(report.reference.rows, "row")} in the reference, ${formatUnits(report.current.rows, "row")} now`,
    list(
      "Columns that differ:",
      changes.map(({ level, because }) => [levelWords[level], plainLine(because, 300)]),
    ),
    renderColumns(told),
    multivariate === undefined ? "" : plainLine(multivariate.because, 500),
    lead === null ? "" : plainLine(sayLead(lead), 500),
    performance === undefined ? "" : `Answers: ${plainLine(performance.because, 1_000)}`,
    list(
      "Not tested, as they move by design:",
      coverage.map(({ column, says }) => [plainLine(column, 40), plainLine(says, 300)]),
    ),
    quiet.length === 0 ? "" : `Quiet: ${sayQuiet(quiet, report.moreColumns)}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function sayVerdict({ verdict, columns, moreColumns = 0, changes = [], because, level, preset }: DriftReport): string {
  const by = preset === undefined ? "" : ` by the rules of ${preset}`;
  if (verdict === "not-enough-data" || verdict === "error") return plainLine(because, 500);
  const drifted = columns.filter((column) => column.drifted).length;
  const broken = changes.filter((change) => change.level === "fail").length;
  const known = columns.filter((column) => column.level !== "unknown").length + moreColumns;
  if (verdict === "quiet") return `No drift${by} in ${formatUnits(known, "column")}`;
  const said = [
    drifted > 0 || broken === 0 ? `${drifted} of ${formatUnits(known, "column")} drifted${by}` : "",
    broken > 0 ? `${formatUnits(broken, "column")} cannot be compared` : "",
  ].filter((part) => part !== "");
  // of a few columns among many nothing is said of the table
  const whole = level === "warn" || level === "fail" ? `; the table as a whole: ${levelWords[level]}` : "";
  return `Drift: ${said.join(", ")}${whole}`;
}

const levelWords = { fail: "FAIL", warn: "warn", info: "info", unknown: "?", quiet: "" } as const;

function renderColumns(columns: readonly DriftColumn[]): string {
  if (columns.length === 0) return "";
  const hasImpact = columns.some(({ impact }) => impact !== undefined);
  const rows = columns
    .slice(0, shown)
    .map((column) => [
      levelWords[column.level ?? "unknown"],
      `${plainLine(column.column, 40)}${column.role === undefined || column.role === "feature" ? "" : ` (${column.role})`}`,
      column.effect === null
        ? ""
        : `${effectNames[column.effectName]} ${formatNumber(column.effect, 3)}, ${sayLimits(column)}`,
      column.adjustedP === null ? "" : `p ${sayP(column.adjustedP)}`,
      ...(hasImpact ? [column.impact === undefined ? "" : `impact ${formatNumber(column.impact, 2)}`] : []),
      column.level === "unknown"
        ? plainLine(column.because.replace(/^.*?: (?=not enough)/, ""), 200)
        : plainLine(column.says ?? "", 200),
    ]);
  const more = columns.length - rows.length;
  return `${alignColumns(rows)}${more > 0 ? `\nand ${formatUnits(more, "more column")}` : ""}`;
}

function sayLead({ metric, now, atPromotion, change }: NonNullable<DriftReport["lead"]>): string {
  const decimals = decimalsOf(change ?? now);
  const say = (estimate: typeof now): string =>
    `${formatNumber(estimate.point, decimals, { signed: true })} ${formatInterval(estimate, decimals, { signed: true })}`.trim();
  return [
    `Lead over the baseline in ${metric}: ${say(now)} now`,
    ...(atPromotion === null ? [] : [`${say(atPromotion)} at its promotion`]),
    ...(change === null ? [] : [`a change of ${say(change)}`]),
  ].join(", ");
}

/** From which effect it warns and fails; of a preset there is one limit. */
function sayLimits({ effectName, threshold, tests = [] }: DriftColumn): string {
  const test = tests.find(({ name }) => name === effectName);
  const warn = formatNumber(test?.warn ?? threshold, 2);
  return test === undefined || !(test.fail > test.warn)
    ? `threshold ${warn}`
    : `warns at ${warn}, fails at ${formatNumber(test.fail, 2)}`;
}

function list(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const more = rows.length - shown;
  const table = alignColumns(rows.slice(0, shown).map((row) => ["", ...row]));
  return `${title}\n${table}${more > 0 ? `\n  and ${more} more` : ""}`;
}

function sayQuiet(columns: readonly DriftColumn[], unlisted = 0): string {
  const names = columns.slice(0, shown).map(({ column }) => plainLine(column, 40));
  const more = columns.length - names.length + unlisted;
  return `${names.join(", ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`;
}
