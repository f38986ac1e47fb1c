import { escapeCell } from "#core/message/escape.ts";
import { commentBudget, fitBudget } from "#core/message/fit-budget.ts";
import { addMarker, readMarker } from "#core/message/marker.ts";
import { reportParts } from "#core/message/render-report.ts";
import type { ReportInput } from "#core/message/report-input.ts";

/** Is this comment of ours the one that says why a merge queue's group was not let through? */
export function isGroupReport(body: string): boolean {
  return readMarker(body)?.kind === "group";
}

/** Tells a pull request why the merge queue did not let its group through: judged on top of what was ahead of it. */
export function renderGroupReport(input: ReportInput): string {
  const { headline, parts } = reportParts(input);
  const where = `In the merge queue, on top of ${escapeCell(input.base.slice(0, 12))}, which may hold what was ahead of this pull request:`;
  const { text } = fitBudget(parts, commentBudget - headline.length - 1_500);
  const next =
    "The queue has taken it out. Its own report above is about its own head; put it into the queue again once this is mended.";
  return addMarker([`### ${headline}`, where, text, next].filter((part) => part !== "").join("\n\n"), "group", {
    head: input.head,
  });
}
