import type { DataReport } from "#core/evidence.ts";
import { formatCount } from "#core/message/format.ts";
import { fold } from "./details.ts";
import { renderDiffDetails } from "./diff-details.ts";
import { sayDiff } from "./say-diff.ts";

/** "Data: +12,431 rows, 1 new category in `device`"; "" where nothing changed. */
export function sayDataChange({ expectations, diff }: DataReport): string {
  const parts = diff === null ? [] : [...sayDiff(diff)];
  const held = expectations.filter(({ kind }) => kind === "pass").length;
  if (parts.length > 0 && held > 0 && held === expectations.length)
    parts.push(held === 1 ? "the expectation holds" : `all ${formatCount(held)} expectations hold`);
  return parts.length === 0 ? "" : `Data: ${parts.join(", ")}`;
}

/** The details of what changed in the data, folded; "" where one line says it all. */
export function renderDataChange(data: DataReport | undefined): string {
  const diff = data?.diff ?? null;
  return diff === null ? "" : fold("What changed in the data", renderDiffDetails(diff, { most: 10, least: 0.01 }));
}
