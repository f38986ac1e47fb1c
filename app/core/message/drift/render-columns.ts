import { markdownTable } from "markdown-table";
import type { DriftColumn, DriftReport, DriftTestName } from "#core/drift/drift-record.ts";
import { escapeCell } from "#core/message/escape.ts";
import { formatCount, formatNumber, formatUnits } from "#core/message/format.ts";
import { fold } from "#core/message/report/details.ts";
import type { CountedNight } from "#core/watch/night.ts";
import { drawColumn } from "./render-chart.ts";
import { isNoNews } from "./say-state.ts";

/** The columns that have moved, and how: with their last weeks where there are any. */
export function renderColumns(
  columns: readonly DriftColumn[],
  max: number,
  nights: readonly CountedNight[] = [],
): string {
  if (columns.length === 0) return "";
  const hasPast = nights.length > 1;
  const rows = columns
    .slice(0, max)
    .map((column) => [
      escapeCell(column.column),
      `${effectNames[column.effectName]} ${formatNumber(column.effect, 3)} (alarm at ${formatNumber(column.threshold, 3)})`,
      ...(hasPast ? [drawColumn(nights, column.column)] : []),
      sayP(column.adjustedP),
      sayMoves(column),
    ]);
  const more = columns.length - rows.length;
  const head = ["column", "how far", ...(hasPast ? ["last weeks"] : []), "adjusted p", "what moved most"];
  return `${markdownTable([head, ...rows])}${more > 0 ? `\n\nand ${formatUnits(more, "more column")}` : ""}`;
}

const effectNames: Readonly<Record<DriftTestName, string>> = {
  "cramers-v": "Cramér's V",
  ks: "KS distance",
  wasserstein: "Wasserstein distance",
  missing: "share without a value",
  "new-levels": "share of new values",
  "missing-levels": "share of gone values",
  "chi-squared": "share moved",
  "jensen-shannon": "Jensen-Shannon distance",
  "wasserstein-std": "Wasserstein distance / std",
};

function sayP(p: number | null): string {
  if (p === null) return "—";
  if (p < 1e-16) return "< 1e-16";
  return p < 0.001 ? p.toExponential(0).replace("-", "−") : formatNumber(p, 3);
}

/** By what speaks loudest: the values, or that there are fewer, other or new ones. */
function sayMoves(column: DriftColumn): string {
  const { effectName, rows, says = "" } = column;
  if (effectName === "missing" && rows !== undefined)
    return `empty ${(["reference", "current"] as const).map((side) => `${sayShare(emptyShare(rows[side]), 100)} %`).join(" → ")}`;
  if ((effectName === "new-levels" || effectName === "missing-levels") && says !== "")
    return escapeCell(says.split("; ")[0] ?? "", 160);
  const moves = column.moved.slice(0, 5).map(({ value, before, now }) => sayMove(column, value, before, now));
  return moves.join(", ") || "—";
}

const emptyShare = ({ values, missing }: { values: number; missing: number }): number => missing / (values + missing);

function sayMove(column: DriftColumn, value: string, before: number, now: number): string {
  if (column.kind === "numeric") return `${escapeCell(value, 40)} ${sayShare(before, 1)} → ${sayShare(now, 1)}`;
  const factor = before > 0 && now > 0 ? ` ×${formatNumber(now / before, now / before < 1 ? 2 : 1)}` : "";
  return `${escapeCell(value, 40)}${factor} (${sayShare(before, 100)} % → ${sayShare(now, 100)} %)`;
}

const sayShare = (share: number, scale: number): string =>
  formatNumber(share * scale, Math.abs(share * scale) < 10 ? 2 : 1);

/** What has not moved, in a fold. */
export function renderQuietColumns(report: DriftReport, alarming: readonly DriftColumn[]): string {
  const { columns } = report;
  const quiet = columns.filter((column) => !alarming.includes(column));
  const shown = quiet
    .slice(0, 40)
    .map(
      ({ column, effect, threshold }) =>
        `${escapeCell(column)} ${formatNumber(effect, 3)} of ${formatNumber(threshold, 3)}`,
    );
  const more = quiet.length - shown.length;
  return fold(
    `${isNoNews(report) ? "Measured" : "No alarm"}: ${formatUnits(quiet.length, "column")}`,
    shown.length === 0 ? "" : `${shown.join(", ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`,
  );
}
