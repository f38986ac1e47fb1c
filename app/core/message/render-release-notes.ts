import type { RunRecord } from "#core/evidence.ts";
import { escapeCell, escapeProse } from "./escape.ts";
import { formatDuration, formatSize } from "./format.ts";

/** The text of a version's release: what it is and how to check it. */
export function renderReleaseNotes(model: string, version: string, run: RunRecord, pull: number | undefined): string {
  const reviewed = pull === undefined ? "" : `, reviewed in #${pull}`;
  const lines = [
    `${escapeProse(model, 100)} ${escapeProse(version, 40)}${reviewed}.`,
    [
      `- artifact ${escapeCell(`sha256:${run.artifact.sha256}`)}, ${formatSize(run.artifact.size)}`,
      `- recipe ${escapeCell(run.recipe)}`,
      `- trained on ${escapeCell(run.source.head.slice(0, 12))} in ${formatDuration(run.durationMs)} on ${escapeCell(run.runsOn, 60)}`,
    ].join("\n"),
    `${pull === undefined ? "" : "These are the bytes that were reviewed: "}\`trainyard.json\` has the digest of every file.`,
  ];
  return lines.join("\n\n");
}
