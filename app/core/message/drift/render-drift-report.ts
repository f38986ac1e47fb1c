import type { DriftReport } from "#core/drift/drift-record.ts";
import { escapeCell, escapeProse } from "#core/message/escape.ts";
import { formatUnits } from "#core/message/format.ts";
import { bullets, fold } from "#core/message/report/details.ts";
import { renderColumns, renderQuietColumns } from "./render-columns.ts";

/** One comparison of two tables as Markdown, for whoever has no terminal: a pull request, a chat, a wiki. */
export function renderDriftReport(report: DriftReport): string {
  const { columns, changes = [], coverage = [], multivariate, reference, current } = report;
  const told = columns.filter(({ level }) => level !== "quiet" && level !== "unknown");
  const unknown = columns.filter(({ level }) => level === "unknown");
  const parts = [
    `### ${sayHeadline(report)}`,
    `${formatUnits(reference.rows, "row")} in the reference, ${formatUnits(current.rows, "row")} now.`,
    bullets(changes.map(({ because }) => escapeProse(because, 300))),
    renderColumns(told, 40),
    multivariate === undefined ? "" : escapeProse(multivariate.because, 500),
    fold(
      `Not enough data: ${formatUnits(unknown.length, "column")}`,
      bullets(unknown.map(({ because }) => escapeProse(because, 300))),
    ),
    fold(
      `Not tested, as they move by design: ${formatUnits(coverage.length, "column")}`,
      bullets(coverage.map(({ column, says }) => `${escapeCell(column, 60)}: ${escapeProse(says, 300)}`)),
    ),
    renderQuietColumns(report, [...told, ...unknown]),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function sayHeadline({ verdict, columns, moreColumns = 0, changes = [], because }: DriftReport): string {
  if (verdict === "not-enough-data" || verdict === "error") return `⚪ ${escapeProse(because, 300)}`;
  const known = columns.filter(({ level }) => level !== "unknown").length + moreColumns;
  if (verdict === "quiet") return `🟢 No drift in ${formatUnits(known, "column")}`;
  const drifted = columns.filter((column) => column.drifted).length;
  const broken = changes.filter(({ level }) => level === "fail").length;
  const said = [
    drifted > 0 ? `${drifted} of ${formatUnits(known, "column")} drifted` : "",
    broken > 0 ? `${formatUnits(broken, "column")} cannot be compared` : "",
  ];
  return `🟡 ${said.filter((part) => part !== "").join(", ")}`;
}
