import type { DataDiff } from "#core/diff/data-diff.ts";
import { renderDiffDetails, renderExtent } from "#core/message/report/diff-details.ts";
import { sayDiff, sayLeakage } from "#core/message/report/say-diff.ts";
import { readable } from "./readable.ts";

/** What two versions of a data set differ in, on a terminal: the answer first, then tables. */
export function renderDiff(diff: DataDiff): string {
  const parts = sayDiff(diff);
  const leak = sayLeakage(diff.leakage);
  const details = renderDiffDetails(diff, { most: 50, least: 0 });
  return readable(
    [
      parts.length === 0 ? "No difference" : parts.join(", "),
      leak === "" ? "" : `⚠️ ${leak}`,
      details === "" ? renderExtent(diff) : details,
    ]
      .filter((part) => part !== "")
      .join("\n\n"),
  );
}
