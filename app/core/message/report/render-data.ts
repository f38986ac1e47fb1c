import type { DataReport } from "#core/evidence.ts";
import { escapeCell, escapeProse } from "#core/message/escape.ts";
import { formatCount, formatUnits } from "#core/message/format.ts";
import { bullets, fold } from "./details.ts";
import { renderDiffDetails } from "./diff-details.ts";
import { sayDiff } from "./say-diff.ts";

/** Failing expectations openly, everything else about the data in one line, its details folded; "" for nothing to say. */
export function renderData(data: DataReport | undefined, options: { details: boolean }): string {
  if (data === undefined) return "";
  const broken = data.expectations.filter(({ kind }) => kind !== "pass");
  const said = broken.map(({ expectation, because, failing, of, examples }) => {
    const count = failing === null || of === null ? "" : ` (${formatCount(failing)} of ${formatUnits(of, "row")})`;
    const shown =
      examples.length === 0
        ? ""
        : `: ${examples
            .slice(0, 3)
            .map((example) => escapeCell(example, 40))
            .join(", ")}`;
    return `🔴 ${escapeCell(expectation, 120)} ${escapeProse(because, 400)}${count}${shown}`;
  });
  const details = options.details && data.diff !== null ? renderDiffDetails(data.diff, { most: 10, least: 0.01 }) : "";
  return [bullets(said), sayDataChange(data), fold("What changed in the data", details)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function sayDataChange({ expectations, diff }: DataReport): string {
  const parts = diff === null ? [] : [...sayDiff(diff)];
  const held = expectations.filter(({ kind }) => kind === "pass").length;
  if (parts.length > 0 && held > 0 && held === expectations.length)
    parts.push(held === 1 ? "the expectation holds" : `all ${formatCount(held)} expectations hold`);
  return parts.length === 0 ? "" : `Data: ${parts.join(", ")}`;
}
