import { markdownTable } from "markdown-table";
import type { Comparison, EstimateRecord, MetricComparison } from "#core/evidence.ts";
import { findTitle } from "#core/gate/metric-title.ts";
import type { GateVerdict } from "#core/gate/verdict.ts";
import { escapeCell, escapeProse } from "#core/message/escape.ts";
import { decimalsOf, formatInterval, formatNumber, formatPlain } from "#core/message/format.ts";
import { sayHoldout } from "./holdout.ts";

const gateLights = { pass: "🟢", fail: "🔴", inconclusive: "🟡", error: "🔴" } as const;
/** One row a metric: both sides, the difference with its interval, and what each gate says. "" where nothing was measured. */
export function renderComparison(
  comparison: Comparison,
  gates: readonly GateVerdict[],
  { maxRows = 40, candidate = "this pull request" }: { maxRows?: number; candidate?: string } = {},
): string {
  if (comparison.metrics.length === 0) return "";
  const paired = comparison.production !== null;
  const withBaseline = comparison.baseline !== null;
  const withGates = gates.length > 0;
  const header = [
    sayHoldout(comparison),
    ...(withBaseline ? ["baseline"] : []),
    ...(paired ? ["production", candidate, "difference (95 % interval)"] : [`${candidate} (95 % interval)`]),
    ...(withGates ? ["gate"] : []),
  ];
  const rows = comparison.metrics.slice(0, maxRows).map((metric) => {
    const own = gates.filter(({ gate }) => gate.metric === metric.name);
    const decimals = decimalsOfRow(metric, own, paired);
    return [
      sayMetric(metric),
      ...(withBaseline ? [sayPoint(metric.baseline, decimals, metric.unit)] : []),
      ...(paired ? sayPair(metric, decimals) : [sayMeasured(metric.candidate, decimals, metric.unit)]),
      ...(withGates ? [own.map(sayGate).join("; ")] : []),
    ];
  });
  const align = header.map((_, index) => (index === 0 || (withGates && index === header.length - 1) ? "l" : "r"));
  const left = comparison.metrics.length - rows.length;
  return `${markdownTable([header, ...rows], { align, alignDelimiters: true, padding: true })}${left > 0 ? `\n\nand ${left} more metrics` : ""}`;
}

function decimalsOfRow(metric: MetricComparison, gates: readonly GateVerdict[], paired: boolean): number {
  const bars = gates.map(({ gate }) => (gate.kind === "versus" ? 0 : gate.bar));
  const margins = gates.map(({ gate }) => {
    if (gate.kind !== "versus") return 0;
    return metric.better === "higher" ? -gate.mayWorsen : gate.mayWorsen;
  });
  return paired
    ? decimalsOf(metric.versusProduction ?? metric.candidate, [0, ...margins])
    : decimalsOf(metric.candidate, bars);
}

function sayPair(metric: MetricComparison, decimals: number): readonly string[] {
  const { production, candidate, versusProduction, unit } = metric;
  return [
    sayPoint(production, decimals, unit),
    sayPoint(candidate, decimals, unit),
    versusProduction === null ? "—" : sayDifference(versusProduction, decimals, unit),
  ];
}

/** "**+0.012** (+0.007 to +0.017)"; bold where the interval excludes no difference. */
export function sayDifference(difference: EstimateRecord, decimals: number, unit: string | null): string {
  const point = `${formatNumber(difference.point, decimals, { signed: true })}${sayUnit(unit, difference.point)}`;
  const { low, high } = difference;
  const decided = low !== null && high !== null && (low > 0 || high < 0);
  return `${decided ? `**${point}**` : point} ${formatInterval(difference, decimals, { signed: true })}`.trim();
}

function sayPoint(estimate: EstimateRecord | null, decimals: number, unit: string | null): string {
  return estimate === null ? "—" : `${formatNumber(estimate.point, decimals)}${sayUnit(unit, estimate.point)}`;
}

function sayMeasured(estimate: EstimateRecord, decimals: number, unit: string | null): string {
  return `${sayPoint(estimate, decimals, unit)} ${formatInterval(estimate, decimals)}`.trim();
}

const sayUnit = (unit: string | null, point: number | null): string =>
  unit === null || point === null ? "" : ` ${escapeProse(unit, 12)}`;

/** "nDCG@10 ↑": a built-in metric as people write it, any other name as it stands, with its direction of better. */
export function sayMetric({ name, better }: Pick<MetricComparison, "name" | "better">): string {
  return `${sayMetricName(name)} ${better === "higher" ? "↑" : "↓"}`;
}

/** The same without the direction. */
export function sayMetricName(name: string): string {
  const title = findTitle(name);
  return title === undefined ? escapeCell(name, 60) : escapeProse(title);
}

function sayGate({ kind, gate }: GateVerdict): string {
  return `${gateLights[kind]} ${sayRule(gate)}`;
}

/** "at most 0.002 worse", "at least 0.75", "better than baseline". */
export function sayRule(gate: GateVerdict["gate"]): string {
  if (gate.kind === "at-least") return `at least ${formatPlain(gate.bar)}`;
  if (gate.kind === "at-most") return `at most ${formatPlain(gate.bar)}`;
  if (gate.better) return `better than ${gate.against}`;
  const worse = gate.mayWorsen === 0 ? "no worse" : `at most ${formatPlain(gate.mayWorsen)} worse`;
  return `${worse}${gate.against === "baseline" ? " than the baseline" : ""}`;
}
